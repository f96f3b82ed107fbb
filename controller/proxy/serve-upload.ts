import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../core/domain/clock.ts';
import { fileNameOf } from '../../core/domain/file-name.ts';
import { CLIENT_UPLOADS_FOLDER, uploadNameIn } from '../../core/domain/uploads.ts';
import type { Logger } from '../../core/log/logger.ts';
import { type Refusal, refuseRequest } from '../../core/server/refusal.ts';
import { watchSilence } from '../../core/server/watch-silence.ts';
import type { Upload, UploadFault, Uploads } from '../uploads/uploads.ts';
import { type Access, refusalOfUpload } from './authorize-upgrade.ts';
import type { ProxyLimits } from './limits.ts';
import { REFUSALS } from './refusals.ts';

export interface UploadDeps {
  readonly access: () => Access;
  readonly uploads: Pick<Uploads, 'take'>;
  readonly limits: Pick<ProxyLimits, 'uploadSilentMs'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isEnding: () => boolean;
  /** A client of the session does something. */
  readonly onActivity: () => void;
}

export const REFUSED: Readonly<Record<UploadFault, Refusal>> = {
  tooLarge: REFUSALS.largeFile,
  tooMany: REFUSALS.tooManyFiles,
  tooManyAtOnce: REFUSALS.tooManyUploads,
  noRoom: REFUSALS.noRoom,
};

/** The path as it is here: a client may have appended it to a `connectUrl` of the router's. */
export const withoutConnect = (path: string): string => path.replace(/^\/connect(?=\/)/, '');

/** As in the target, where it is one of a file. */
export const uploadedNameOf = (method: string | undefined, path: string | undefined): string | null =>
  method !== 'PUT' || path === undefined ? null : uploadNameIn(withoutConnect(path));

/** Streams a file to the disk of the session, as fast as that takes it. `goOn`: a body that is read may take its time. */
export async function serveUpload(
  request: IncomingMessage,
  response: ServerResponse,
  { given, goOn, ...deps }: UploadDeps & { readonly given: string; readonly goOn: () => void },
): Promise<void> {
  const refuse = (refusal: Refusal) => refuseRequest(response, refusal);
  const refusal = refusalOfUpload(request.url ?? '', deps.access());
  if (refusal !== null) return refuse(refusal);
  if (deps.isEnding()) return refuse(REFUSALS.ending);
  const name = fileNameOf(given);
  if (name === undefined) return refuse(REFUSALS.badFileName);
  const bytes = lengthOf(request);
  if (bytes === undefined) return refuse(REFUSALS.unknownLength);
  const fault = await receive(request, { name, bytes }, { ...deps, goOn });
  if (response.destroyed) return;
  if (fault !== null) return refuse(REFUSED[fault]);
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ message: `The file is ${CLIENT_UPLOADS_FOLDER}/${name}` }));
}

/** How long a file is, where its sender says so. */
export function lengthOf({ headers }: IncomingMessage): number | undefined {
  const bytes = Number(headers['content-length'] ?? Number.NaN);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export type ReceiveDeps = Pick<UploadDeps, 'uploads' | 'limits' | 'clock' | 'logger' | 'onActivity'> & {
  readonly goOn: () => void;
};

/** Resolves with why it is not taken; with null when it is, or when its sender has gone (then `request` is not complete). */
export async function receive(
  request: IncomingMessage,
  upload: Upload,
  { uploads, limits, clock, logger, onActivity, goOn }: ReceiveDeps,
): Promise<UploadFault | null> {
  const stopWatching = watchSilence(request, { silentMs: limits.uploadSilentMs, clock, onBytes: onActivity });
  const onStart = () => {
    goOn();
    onActivity();
  };
  try {
    const fault = await uploads.take(upload, request, onStart);
    if (fault === null) onActivity();
    logger.info(fault === null ? 'file uploaded' : 'file refused', { bytes: upload.bytes, fault });
    return fault;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return 'noRoom';
    // Its sender left, stood still, or the session ended: nothing of it is kept.
    if (!request.complete) {
      logger.info('upload broke off', { bytes: upload.bytes });
      return null;
    }
    throw error;
  } finally {
    stopWatching();
  }
}
