import type { LifecycleEvent } from '../../core/aws/signals/put-lifecycle-event.ts';
import { platformEventsOf } from '../../core/domain/platform-events.ts';
import { isConnectable, isTerminal, type Session } from '../../core/domain/session.ts';
import type { NewEvent } from '../../core/domain/session-event.ts';

/** What one change of a session is to cause. */
export interface Consequences {
  /** Wake the create that waits for this session. */
  readonly signal: { readonly sessionId: string; readonly shard: string } | undefined;
  /** Notify the world of the step. */
  readonly event: LifecycleEvent | undefined;
  /** What its events say by then: those that are not stored yet are to be. */
  readonly happened: readonly NewEvent[];
}

const NOTHING: Consequences = { signal: undefined, event: undefined, happened: [] };

/** Pure: from the session before and after one change. A purge of history and a mere heartbeat cause nothing. */
export function decide(before: Session | undefined, after: Session | undefined): Consequences {
  if (after === undefined || before?.status === after.status) return NOTHING;
  const { sessionId, projectId, shard, status } = after;
  return {
    signal: isAnswerForCreate(before, after) ? { sessionId, shard } : undefined,
    event: {
      sessionId,
      projectId,
      status,
      previousStatus: before?.status ?? null,
      endReason: after.endReason ?? null,
      at: after.updatedAt,
    },
    happened: happenedBetween(before, after),
  };
}

/** Clients that come and go are steps, and no events of the platform. */
function happenedBetween(before: Session | undefined, after: Session): readonly NewEvent[] {
  const events = platformEventsOf(after);
  const isNews = before === undefined || platformEventsOf(before).length < events.length;
  return isNews ? events : [];
}

/** A create waits for the first of: READY, or an end (also a release by somebody else) that comes before it. */
function isAnswerForCreate(before: Session | undefined, after: Session): boolean {
  if (before === undefined || before.startedAt !== undefined) return false;
  return isConnectable(after.status) || after.status === 'TERMINATING' || isTerminal(after.status);
}
