import type { EventQuery } from '../../core/aws/events/list-events.ts';
import type { Session } from '../../core/domain/session.ts';
import type { EventCategory, SessionEvent } from '../../core/domain/session-event.ts';
import { toEventView } from '../../core/domain/session-event-view.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireSession } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

/** As they stand in the URL: the contract has checked what they say. */
export interface ListSessionEventsQuery {
  readonly after?: string;
  readonly limit?: string;
  readonly category?: EventCategory;
}

export interface ListSessionEventsDeps {
  readonly getSession: Find<Session>;
  readonly listEvents: (sessionId: string, query: EventQuery) => Promise<readonly SessionEvent[]>;
}

const DEFAULT_LIMIT = 100;

/** GET /v1/sessions/{id}/events: what happened in a session, in order, as a bare array. */
export const listSessionEvents =
  ({ getSession, listEvents }: ListSessionEventsDeps) =>
  async ({ access, pathId, query }: ApiRequest<unknown, ListSessionEventsQuery>): Promise<ApiResponse> => {
    const { sessionId } = await requireSession(getSession, access.projectId, pathId);
    const { after = 0, limit = DEFAULT_LIMIT, category } = query;
    const events = await listEvents(sessionId, { after: Number(after), limit: Number(limit), category });
    return ok(events.map(toEventView));
  };
