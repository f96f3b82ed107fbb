import type { EventQuery } from '../../core/aws/events/list-events.ts';
import { type Clock, pause } from '../../core/domain/clock.ts';
import { type EventCategory, LAST_EVENT, type SessionEvent } from '../../core/domain/session-event.ts';
import { toEventView } from '../../core/domain/session-event-view.ts';
import { EVENT_STREAM } from '../../core/domain/timing.ts';
import type { Logger } from '../../core/log/logger.ts';

export interface FollowDeps {
  readonly listEvents: (sessionId: string, query: EventQuery) => Promise<readonly SessionEvent[]>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Follow {
  readonly sessionId: string;
  /** The last one that the client has. */
  readonly after: number;
  readonly category: EventCategory | undefined;
  /** What is there after it already. */
  readonly first: readonly SessionEvent[];
  /** Nobody reads any more. */
  readonly hasLeft: () => boolean;
}

const READ_AT_ONCE = 100;

/** As the HTML standard has it: the id comes back as Last-Event-ID. */
const textOf = (event: SessionEvent): string =>
  `id: ${event.sequence}\ndata: ${JSON.stringify(toEventView(event))}\n\n`;

/**
 * Server-sent events: what is there, then each as it is stored, until the session has ended or the time of one answer is
 * over. Then the client asks again, from the last that it has.
 */
export async function* followEvents(deps: FollowDeps, follow: Follow): AsyncGenerator<string> {
  const { clock, logger } = deps;
  const { sessionId, category } = follow;
  const untilMs = clock.now() + EVENT_STREAM.answerMs;
  let { after, first: events } = follow;
  let saidAtMs = clock.now();
  yield `retry: ${EVENT_STREAM.reconnectMs}\n\n`;
  for (;;) {
    const wanted = events.filter((event) => category === undefined || event.category === category);
    for (const event of wanted) yield textOf(event);
    after = events.at(-1)?.sequence ?? after;
    if (events.at(-1)?.type === LAST_EVENT || clock.now() >= untilMs || follow.hasLeft()) return;
    if (wanted.length > 0) saidAtMs = clock.now();
    else if (clock.now() - saidAtMs >= EVENT_STREAM.beatMs) {
      saidAtMs = clock.now();
      // A comment: whatever is on the way sees that the connection is used, and we that it is there.
      yield ':\n\n';
    }
    if (events.length < READ_AT_ONCE) await pause(clock, EVENT_STREAM.readEveryMs);
    try {
      events = await deps.listEvents(sessionId, { after, limit: READ_AT_ONCE });
    } catch (error) {
      // Status and headers are gone already. The client asks again, and hears of the fault then if it lasts.
      logger.error('the events of a session could not be read on', { sessionId, error });
      return;
    }
  }
}
