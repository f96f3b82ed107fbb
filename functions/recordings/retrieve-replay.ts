import { Readable } from 'node:stream';
import { recordingChunkKeyOf } from '../../core/domain/artifact-key.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { requireSession } from '../../core/http/require-owned.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { findFilm } from './find-films.ts';
import type { ReplayDeps } from './list-replays.ts';
import { playlistOf } from './playlist.ts';
import { requireRecorded } from './require-recording.ts';

export interface RetrieveReplayDeps extends ReplayDeps {
  /** A URL that reads one object, for a player. */
  readonly presign: (key: string) => Promise<string>;
}

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

/** GET /v1/sessions/{id}/replays/{pageId}: what is stored of one page's film by now, as an HLS playlist. */
export const retrieveReplay =
  (deps: RetrieveReplayDeps) =>
  async ({ access, pathId, pathIds: { pageId = '' } }: ApiRequest): Promise<ApiResponse> => {
    const session = await requireSession(deps.getSession, access.projectId, pathId);
    requireRecorded(session, deps.keptDays, deps.now().getTime());
    const page = Number(pageId);
    const film = await findFilm(deps, session, page);
    if (film === undefined) throw new AppError('REPLAY_NOT_FOUND', [session.sessionId, pageId]);
    const placed = film.index.chunks.map(async (chunk) => ({
      chunk,
      url: await deps.presign(recordingChunkKeyOf(session, page, chunk.number)),
    }));
    const text = playlistOf(await Promise.all(placed));
    return {
      status: 200,
      stream: Readable.from([text], { objectMode: false }),
      headers: { 'content-type': PLAYLIST_TYPE },
    };
  };
