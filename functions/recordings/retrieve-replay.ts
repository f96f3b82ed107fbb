import { AppError } from '../../core/domain/errors.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { requireSession } from '../../core/http/require-owned.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { answerPlaylist, type Presign } from './answer-playlist.ts';
import { filmOfSession } from './film-order.ts';
import { findFilm } from './find-films.ts';
import type { ReplayDeps } from './list-replays.ts';
import { requireRecorded } from './require-recording.ts';

export interface RetrieveReplayDeps extends ReplayDeps {
  readonly presign: Presign;
}

/** GET /v1/sessions/{id}/replays/{pageId}: what is stored of one page's film by now, as an HLS playlist. */
export const retrieveReplay =
  (deps: RetrieveReplayDeps) =>
  async ({ access, pathId, pathIds: { pageId = '' } }: ApiRequest): Promise<ApiResponse> => {
    const session = await requireSession(deps.getSession, access.projectId, pathId);
    requireRecorded(session, deps.keptDays, deps.now().getTime());
    const film = await findFilm(deps, session, Number(pageId));
    if (film === undefined) throw new AppError('REPLAY_NOT_FOUND', [session.sessionId, pageId]);
    return answerPlaylist(filmOfSession([film]), { session, presign: deps.presign });
  };
