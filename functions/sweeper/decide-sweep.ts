import type { RunningTask } from '../../core/aws/browsers/list-running-tasks.ts';
import { isUnanswered } from '../../core/domain/create-attempt.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import { isTerminal, type Session } from '../../core/domain/session.ts';
import { CONTAINER_START, HEARTBEAT, SESSION_DEADLINES, SWEEP } from '../../core/domain/timing.ts';
import { slotOfWarmId } from '../../core/domain/warm-container.ts';

/** What the sweeper is to do about one session or task. */
export type Sweep =
  /** Ask the container to end, and remember why. */
  | { readonly kind: 'terminate'; readonly session: Session; readonly reason: EndReason }
  /** The container had its chance: end the session in the table, and its task by force of ECS. */
  | { readonly kind: 'end'; readonly session: Session; readonly reason: EndReason; readonly detail: string }
  | { readonly kind: 'stop-task'; readonly task: RunningTask; readonly detail: string };

/** Pure: what is wrong with one live session at `now`, or undefined. */
export function sweepSession(session: Session, now: Date): Sweep | undefined {
  const ageMs = (iso: string | undefined) => (iso === undefined ? 0 : now.getTime() - Date.parse(iso));
  switch (session.status) {
    case 'CREATING':
    case 'STARTING':
      return ageMs(session.createdAt) > CONTAINER_START.limitMs
        ? { kind: 'end', session, reason: 'start_timed_out', detail: 'The create that waited for it is gone' }
        : undefined;
    case 'READY':
    case 'ACTIVE':
      return sweepUsable(session, ageMs);
    case 'TERMINATING':
      return ageMs(session.updatedAt) > SWEEP.terminatingLimitMs
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

/** One that a client may use. Silence first: a container that is gone cannot end its session, whatever else is due. */
function sweepUsable(session: Session, ageMs: (iso: string | undefined) => number): Sweep | undefined {
  const heardAt = session.lastHeartbeatAt ?? session.startedAt;
  if (ageMs(heardAt) > HEARTBEAT.lostAfterMs) return endSilent(session, heardAt);
  if (ageMs(session.expiresAt) > SWEEP.deadlineGraceMs)
    return { kind: 'terminate', session, reason: 'timed_out' };
  if (isUnanswered(session) && ageMs(session.attemptAt) > SESSION_DEADLINES.unansweredMs)
    return { kind: 'terminate', session, reason: 'create_given_up' };
  return isOverdue(session) ? { kind: 'terminate', session, reason: 'never_connected' } : undefined;
}

/** What was heard of until its time was over has ended for that; its report of it was lost. */
function endSilent(session: Session, heardAt: string | undefined): Sweep {
  const lastedMs = Date.parse(session.expiresAt) - Date.parse(heardAt ?? session.createdAt);
  const reason = lastedMs <= HEARTBEAT.lostAfterMs ? 'timed_out' : 'container_lost';
  return { kind: 'end', session, reason, detail: 'No heartbeat from the container' };
}

/** Its container still beats after the session's own connect deadline, and still says that nobody has come. */
const isOverdue = ({ status, startedAt, lastHeartbeatAt, connectDeadlineMs }: Session): boolean =>
  status === 'READY' &&
  connectDeadlineMs !== undefined &&
  startedAt !== undefined &&
  lastHeartbeatAt !== undefined &&
  Date.parse(lastHeartbeatAt) - Date.parse(startedAt) > connectDeadlineMs + SWEEP.deadlineGraceMs;

/** Whose a running task is, as far as the tables know. */
export interface TaskOwner {
  readonly session?: Session | undefined;
  /** For a task with a warm id: whether it is still in the pool. */
  readonly isInPool?: boolean;
}

/** Pure: whether nobody needs a running task. */
export function sweepTask(task: RunningTask, owner: TaskOwner, now: Date): Sweep | undefined {
  if (now.getTime() - task.createdAt.getTime() < SWEEP.taskGraceMs) return undefined;
  const detail = uselessness(task, owner);
  return detail === undefined ? undefined : { kind: 'stop-task', task, detail };
}

function uselessness({ startedBy }: RunningTask, { session, isInPool }: TaskOwner): string | undefined {
  if (isInPool === true) return undefined;
  const isWarm = slotOfWarmId(startedBy) !== undefined;
  if (session === undefined)
    return isWarm ? 'Neither in the warm pool nor claimed' : 'No session of this task';
  // Its claim was not taken in time, or it was not the last that its session tried.
  if (isWarm && session.warmId !== startedBy) return 'Its session has another container';
  return isTerminal(session.status)
    ? `Its session has ended: ${session.endReason ?? session.status}`
    : undefined;
}
