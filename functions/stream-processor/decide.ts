import type { LifecycleEvent } from '../../core/aws/signals/put-lifecycle-event.ts';
import { isConnectable, isTerminal, type Session } from '../../core/domain/session.ts';

/** What one change of a session is to cause. */
export interface Consequences {
  /** Wake the create that waits for this session. */
  readonly signal: { readonly sessionId: string; readonly shard: string } | undefined;
  /** Notify the world of the step. */
  readonly event: LifecycleEvent | undefined;
}

/** Pure: from the session before and after one change. A purge of history and a mere heartbeat cause nothing. */
export function decide(before: Session | undefined, after: Session | undefined): Consequences {
  if (after === undefined || before?.status === after.status) return { signal: undefined, event: undefined };
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
  };
}

/** A create waits for the first of: READY, or an end (also a release by somebody else) that comes before it. */
function isAnswerForCreate(before: Session | undefined, after: Session): boolean {
  if (before === undefined || before.startedAt !== undefined) return false;
  return isConnectable(after.status) || after.status === 'TERMINATING' || isTerminal(after.status);
}
