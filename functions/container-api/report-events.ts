import type { EventOwner, Told } from '../../core/aws/events/append-events.ts';
import { AppError } from '../../core/domain/errors.ts';
import { platformEventsOf } from '../../core/domain/platform-events.ts';
import type { Session } from '../../core/domain/session.ts';
import { faultOfContainerEvent, type NewEvent } from '../../core/domain/session-event.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import { authenticateContainer, type ContainerAuthenticationDeps } from './authenticate-container.ts';
import { instructionAfter } from './instruction.ts';

export interface ReportEventsDeps extends ContainerAuthenticationDeps {
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  readonly appendEvents: (owner: EventOwner, told: readonly Told[]) => Promise<void>;
}

/** Of a container that was started for its session; a claimed one has its warm id. */
const STARTED_FOR_IT = 'own';

/**
 * POST /internal/sessions/{id}/events: what a container saw happen. It numbers its events, so that a report which it
 * repeats, because it heard no answer, is stored once.
 */
export const reportEvents =
  (deps: ReportEventsDeps) =>
  async (request: ApiRequest<{ readonly events: readonly NewEvent[] }>): Promise<ApiResponse> => {
    const container = await authenticateContainer(deps, request);
    const { sessionId, warmId } = container;
    const { events } = request.body;
    for (const [index, event] of events.entries()) {
      const fault = faultOfContainerEvent(event);
      if (fault !== undefined) throw new AppError('BAD_REQUEST', [`body/events/${index}/${fault}`]);
    }
    const session = await deps.getSession(sessionId);
    const instruction = instructionAfter(container, { applied: false, item: session });
    if (session === undefined) throw new AppError('SESSION_NOT_FOUND', [sessionId]);
    const until = deps.now().toISOString();
    await deps.appendEvents(session, [
      // Those that the sessions table's stream has yet to tell: a session is ready before its first client comes.
      { by: 'platform', events: platformEventsOf(session) },
      {
        by: { containerId: warmId ?? STARTED_FOR_IT },
        events: events.map((event) => ({ ...event, at: within(event.at, session.createdAt, until) })),
      },
    ]);
    return ok(instruction);
  };

/** A container's clock may be wrong: nothing happened before its session, or is yet to happen. */
function within(at: string, from: string, until: string): string {
  const ms = Math.min(Math.max(Date.parse(at), Date.parse(from)), Date.parse(until));
  return Number.isNaN(ms) ? until : new Date(ms).toISOString();
}
