import { AppError } from '../../core/domain/errors.ts';
import { isTerminal } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { answerPlaylist, type Presign } from './answer-playlist.ts';
import { filmOfSession } from './film-order.ts';
import { findFilms } from './find-films.ts';
import type { ReplayDeps } from './list-replays.ts';
import { type LinkDeps, requireReplay } from './open-replay-link.ts';

export interface PlayReplayDeps extends ReplayDeps, LinkDeps {
  readonly presign: Presign;
}

/** GET /replay/{token}/film.m3u8: the films of all pages as one, in the order in which they were made. */
export const playReplay =
  (deps: PlayReplayDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const session = await requireReplay(deps, request);
    const films = await findFilms(deps, session);
    if (films.length === 0) throw new AppError('RECORDING_NOT_FOUND', [session.sessionId]);
    const isGrowing = !isTerminal(session.status);
    return answerPlaylist(filmOfSession(films), { session, presign: deps.presign, isGrowing });
  };
