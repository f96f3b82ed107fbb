import { AppError } from '../../core/domain/errors.ts';
import { isTerminal, type Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { requireSession } from '../../core/http/require-owned.ts';
import { type Film, findFilms } from './find-films.ts';
import type { ReplayDeps } from './list-replays.ts';
import { requireRecorded } from './require-recording.ts';

export type EndedFilmsDeps = ReplayDeps;

/** The films of a session that has ended, or why there are none to download. */
export async function requireEndedFilms(
  deps: EndedFilmsDeps,
  { access, pathId }: ApiRequest,
): Promise<{ readonly session: Session; readonly films: readonly Film[] }> {
  const session = await requireSession(deps.getSession, access.projectId, pathId);
  requireRecorded(session, deps.keptDays, deps.now().getTime());
  if (!isTerminal(session.status)) throw new AppError('RECORDING_NOT_ENDED', [session.sessionId]);
  const films = await findFilms(deps, session);
  if (films.length === 0) throw new AppError('RECORDING_NOT_FOUND', [session.sessionId]);
  return { session, films };
}
