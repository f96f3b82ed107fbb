import type { RunningTask } from '../../core/aws/browsers/browser-tasks.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import { isTerminal, type Session } from '../../core/domain/session.ts';

/** What the sweeper is to do about one session or task. */
export type Sweep =
  /** Ask the container to end, and remember why. */
  | { readonly kind: 'terminate'; readonly session: Session; readonly reason: EndReason }
  /** The container had its chance: end the session in the table, and its task by force of ECS. */
  | { readonly kind: 'end'; readonly session: Session; readonly reason: EndReason; readonly detail: string }
  | { readonly kind: 'stop-task'; readonly task: RunningTask; readonly detail: string };

// The create that waits gives up after 50 s and cleans up itself; this is for one that died.
const START_LIMIT_MS = 120_000;
// Six beats of 15 s: a container that misses them all is gone, or cannot reach the API.
const HEARTBEAT_LIMIT_MS = 90_000;
// The controller's own clock fires first; it may be busy closing Chrome.
const DEADLINE_GRACE_MS = 15_000;
// ECS kills 120 s after it asked; a little more for the events to arrive.
const TERMINATING_LIMIT_MS = 180_000;
// A task is older than its session's last write by at most the time of one create.
const TASK_GRACE_MS = 60_000;

/** Pure: what is wrong with one live session at `now`, or undefined. */
export function sweepSession(session: Session, now: Date): Sweep | undefined {
  const ageMs = (iso: string | undefined) => (iso === undefined ? 0 : now.getTime() - Date.parse(iso));
  switch (session.status) {
    case 'CREATING':
    case 'PROVISIONING':
    case 'STARTING':
      return ageMs(session.createdAt) > START_LIMIT_MS
        ? { kind: 'end', session, reason: 'start_timed_out', detail: 'The create that waited for it is gone' }
        : undefined;
    case 'READY':
    case 'ACTIVE':
      if (ageMs(session.expiresAt) > DEADLINE_GRACE_MS)
        return { kind: 'terminate', session, reason: 'timed_out' };
      return ageMs(session.lastHeartbeatAt ?? session.startedAt) > HEARTBEAT_LIMIT_MS
        ? { kind: 'end', session, reason: 'container_lost', detail: 'No heartbeat from the container' }
        : undefined;
    case 'TERMINATING':
      return ageMs(session.updatedAt) > TERMINATING_LIMIT_MS
        ? {
            kind: 'end',
            session,
            reason: session.endReason ?? 'container_lost',
            detail: 'The container did not report its end',
          }
        : undefined;
    default:
      return undefined;
  }
}

/** Pure: whether a running task has no session that needs it. */
export function sweepTask(task: RunningTask, session: Session | undefined, now: Date): Sweep | undefined {
  if (now.getTime() - task.createdAt.getTime() < TASK_GRACE_MS) return undefined;
  if (session === undefined) return { kind: 'stop-task', task, detail: 'No session of this task' };
  return isTerminal(session.status)
    ? { kind: 'stop-task', task, detail: `Its session has ended: ${session.endReason ?? session.status}` }
    : undefined;
}
