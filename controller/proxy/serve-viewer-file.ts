import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileNameOf } from '../../core/domain/file-name.ts';
import { type Refusal, refuseRequest } from '../../core/server/refusal.ts';
import type { CastHub } from '../cast/cast-hub.ts';
import type { Uploads } from '../uploads/uploads.ts';
import type { ViewerFile } from './authorize-upgrade.ts';
import { REFUSALS } from './refusals.ts';
import { lengthOf, REFUSED, type ReceiveDeps, receive } from './serve-upload.ts';

export interface ViewerFileDeps extends Omit<ReceiveDeps, 'uploads' | 'onActivity'> {
  readonly castHub: Pick<CastHub, 'findChoosers'>;
  readonly uploads: Pick<Uploads, 'take' | 'discard'>;
}

/**
 * Streams a file of who watches to the disk of the session, for a file chooser that is open. It has a folder of its own there,
 * and its id is what the viewer names it by.
 */
export async function serveViewerFile(
  request: IncomingMessage,
  response: ServerResponse,
  { chooserId, given, onlyPageId }: ViewerFile,
  { castHub, ...deps }: ViewerFileDeps,
): Promise<void> {
  const refuse = (refusal: Refusal) => refuseRequest(response, refusal);
  const name = fileNameOf(given);
  if (name === undefined) return refuse(REFUSALS.badFileName);
  const bytes = lengthOf(request);
  if (bytes === undefined) return refuse(REFUSALS.unknownLength);
  const choosers = await castHub.findChoosers(chooserId, onlyPageId);
  if (choosers === undefined) return refuse(REFUSALS.noChooser);
  const slot = { name, folder: crypto.randomUUID() };
  // A person at a live view moves no clock of the session.
  const fault = await receive(request, { ...slot, bytes }, { ...deps, onActivity: () => undefined });
  if (fault !== null) return refuse(REFUSED[fault]);
  const isWanted = request.complete && !response.destroyed && choosers.add(chooserId, slot);
  if (!isWanted) await deps.uploads.discard(slot);
  if (response.destroyed) return;
  if (!isWanted) return refuse(REFUSALS.noChooser);
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ id: slot.folder }));
}
