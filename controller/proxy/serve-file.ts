import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseRequest } from '../../core/server/refusal.ts';
import type { CastHub } from '../cast/cast-hub.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { authorizeViewerFile, parseTarget } from './authorize-upgrade.ts';
import { REFUSALS } from './refusals.ts';
import { serveUpload, type UploadDeps, uploadedNameOf } from './serve-upload.ts';
import { serveViewerFile } from './serve-viewer-file.ts';

export interface FileDeps extends Omit<UploadDeps, 'isEnding' | 'uploads'> {
  readonly uploads: Pick<Uploads, 'take' | 'discard'>;
  readonly state: {
    readonly chrome: { readonly castHub: Pick<CastHub, 'findChoosers'> } | undefined;
    readonly isEnding: boolean;
  };
  /** A body that is read may take its time. */
  readonly goOn: () => void;
}

/** A file that is put, by a client or by who watches; null: the path takes none. */
export function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  deps: FileDeps,
): Promise<void> | null {
  if (request.method !== 'PUT') return null;
  const { state, access } = deps;
  const target = request.url ?? '';
  const given = uploadedNameOf(request.method, parseTarget(target)?.pathname);
  if (given !== null)
    return serveUpload(request, response, { ...deps, given, isEnding: () => state.isEnding });
  const decision = authorizeViewerFile(target, access());
  if (decision === null) return null;
  if ('refusal' in decision) refuseRequest(response, decision.refusal);
  else if (state.isEnding) refuseRequest(response, REFUSALS.ending);
  else if (state.chrome === undefined) refuseRequest(response, REFUSALS.chromeNotReady);
  else return serveViewerFile(request, response, decision.file, { ...deps, castHub: state.chrome.castHub });
  return Promise.resolve();
}
