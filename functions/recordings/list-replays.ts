import { endedAtMsOf } from '../../core/domain/recording.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { type Film, type FindFilmsDeps, findFilms } from './find-films.ts';
import { requireRecorded } from './require-recording.ts';

export interface ReplayDeps extends FindFilmsDeps {
  readonly getSession: Find<Session>;
  readonly keptDays: number;
  readonly now: () => Date;
}

/** GET /v1/sessions/{id}/replays: the pages that were filmed, while the session runs and after it. */
export const listReplays =
  (deps: ReplayDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const session = await requireSession(deps.getSession, access.projectId, pathId);
    requireRecorded(session, deps.keptDays, deps.now().getTime());
    const pages = (await findFilms(deps, session)).map(toPage);
    return ok({ pages, pageCount: pages.length });
  };

function toPage({ page, index: { url, chunks } }: Film) {
  const [first] = chunks;
  const last = chunks.at(-1);
  return {
    pageId: String(page),
    url,
    startTimeMs: first?.startedAtMs ?? 0,
    endTimeMs: last === undefined ? 0 : endedAtMsOf(last),
  };
}
