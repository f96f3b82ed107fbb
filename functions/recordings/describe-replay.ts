import { pageAddressOf } from '../../core/domain/page-address.ts';
import type { ReplayView } from '../../core/domain/replay.ts';
import { isTerminal } from '../../core/domain/session.ts';
import type { SessionEvent } from '../../core/domain/session-event.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { filmOfSession, scenesOf } from './film-order.ts';
import { findFilms } from './find-films.ts';
import type { ReplayDeps } from './list-replays.ts';
import { type LinkDeps, requireReplay } from './open-replay-link.ts';
import { timelineOf } from './timeline.ts';

export interface DescribeReplayDeps extends ReplayDeps, LinkDeps {
  readonly listEvents: (
    sessionId: string,
    query: { readonly after: number; readonly limit: number },
  ) => Promise<readonly SessionEvent[]>;
}

/** More than a session may have (core/domain/session-event.ts). */
const MAX_EVENTS = 1_200;

/** GET /replay/{token}/replay.json: what the page of a replay shows around the film. */
export const describeReplay =
  (deps: DescribeReplayDeps) =>
  async (request: ApiRequest): Promise<ApiResponse> => {
    const session = await requireReplay(deps, request);
    const { sessionId, createdAt, startedAt, endedAt, endReason, status } = session;
    const [films, events] = await Promise.all([
      findFilms(deps, session),
      deps.listEvents(sessionId, { after: 0, limit: MAX_EVENTS }),
    ]);
    const view: ReplayView = {
      sessionId,
      isRunning: !isTerminal(status),
      startMs: Date.parse(startedAt ?? createdAt),
      ...(endedAt === undefined ? {} : { endMs: Date.parse(endedAt) }),
      ...(endReason === undefined ? {} : { endReason }),
      pages: films.map(({ page, index: { url } }) => ({ pageId: String(page), url: pageAddressOf(url) })),
      scenes: scenesOf(filmOfSession(films)),
      events: timelineOf(events),
    };
    return ok(view);
  };
