import { Readable } from 'node:stream';
import { AppError } from '../../core/domain/errors.ts';
import { isTerminal, type Session } from '../../core/domain/session.ts';
import { type EventCategory, LAST_EVENT } from '../../core/domain/session-event.ts';
import { toEventView } from '../../core/domain/session-event-view.ts';
import { EVENT_STREAM } from '../../core/domain/timing.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, noContent, ok } from '../../core/http/response.ts';
import { type FollowDeps, followEvents } from './follow-events.ts';

/** As they stand in the URL: the contract has checked what they say. */
export interface ListSessionEventsQuery {
  readonly after?: string;
  readonly limit?: string;
  readonly category?: EventCategory;
}

export interface ListSessionEventsDeps extends FollowDeps {
  readonly getSession: Find<Session>;
}

type Request = ApiRequest<unknown, ListSessionEventsQuery>;

const DEFAULT_LIMIT = 100;
const EVENT_STREAM_TYPE = 'text/event-stream';

/** GET /v1/sessions/{id}/events: what happened in a session, in order: a bare array, or followed as server-sent events. */
export const listSessionEvents =
  (deps: ListSessionEventsDeps) =>
  async (request: Request): Promise<ApiResponse> => {
    const { access, pathId, query, headers } = request;
    const session = await requireSession(deps.getSession, access.projectId, pathId);
    if (headers.accept?.includes(EVENT_STREAM_TYPE)) return follow(deps, request, session);
    const { after = 0, limit = DEFAULT_LIMIT, category } = query;
    const wanted = { after: Number(after), limit: Number(limit), category };
    const events = await deps.listEvents(session.sessionId, wanted);
    return ok(events.map(toEventView));
  };

async function follow(deps: ListSessionEventsDeps, request: Request, session: Session): Promise<ApiResponse> {
  const { sessionId } = session;
  const after = lastSeen(request);
  // The one that the client has comes along: whether it was the last of all.
  const [seen, ...rest] = await deps.listEvents(sessionId, {
    after: Math.max(after - 1, 0),
    limit: DEFAULT_LIMIT,
  });
  const isSeen = after > 0 && seen?.sequence === after;
  const first = isSeen || seen === undefined ? rest : [seen, ...rest];
  // By the standard, the answer after which an EventSource does not ask again.
  const isAll = isSeen && seen.type === LAST_EVENT;
  if (isAll || (first.length === 0 && isLongOver(session, deps.clock.now()))) return noContent();
  const { category } = request.query;
  const { hasLeft } = request.caller;
  const texts = followEvents(deps, { sessionId, after, category, first, hasLeft });
  return {
    status: 200,
    headers: { 'content-type': EVENT_STREAM_TYPE },
    stream: Readable.from(texts, { objectMode: false }),
  };
}

/** Where a client goes on that lost its connection; its URL is still that of its beginning. */
function lastSeen({ headers, query }: Request): number {
  const id = headers['last-event-id'];
  if (id === undefined || id === '') return Number(query.after ?? 0);
  if (!/^\d{1,8}$/.test(id))
    throw new AppError('BAD_REQUEST', ['headers/last-event-id must be the id of an event']);
  return Number(id);
}

/** Its last event will not come any more: it was from before there were events, or the stream has given it up. */
const isLongOver = ({ status, endedAt = '' }: Session, nowMs: number): boolean =>
  isTerminal(status) && nowMs - Date.parse(endedAt) > EVENT_STREAM.lateMs;
