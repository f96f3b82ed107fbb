import { SessionDownloads } from '../downloads/session-downloads.ts';
import { discardDownload, storeDownload } from '../downloads/store-download.ts';
import type { Emit } from '../events/event-reporter.ts';

import type { SessionDeps } from './session-deps.ts';

// Of an event: names come from sites.
const MAX_NAME_CHARACTERS = 255;
const MAX_REASON_CHARACTERS = 300;

/** Of one session: stored while it runs, and told of. */
export const openDownloads = ({ api, clock, logger }: SessionDeps, emit: Emit): SessionDownloads =>
  new SessionDownloads({
    store: (download, signal) => storeDownload({ api }, download, signal),
    discard: discardDownload,
    clock,
    logger,
    onStored: ({ id, filename, sizeBytes }) =>
      emit('download.completed', { downloadId: id, filename, sizeBytes }),
    onLost: ({ id, filename }, reason) =>
      emit('download.failed', {
        downloadId: id,
        filename: filename.slice(0, MAX_NAME_CHARACTERS).toWellFormed(),
        reason: reason.slice(0, MAX_REASON_CHARACTERS),
      }),
  });
