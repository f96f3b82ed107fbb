import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import { type ContainerRef, isContainerOf } from '../../core/domain/container-ref.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import type { Ending } from '../../core/domain/ended-session.ts';
import type { Address, Session } from '../../core/domain/session.ts';
import { WARM } from '../../core/domain/timing.ts';
import type { WarmClaim, WarmContainer } from '../../core/domain/warm-container.ts';
import type { Logger } from '../../core/log/logger.ts';
import { logTaskStopped } from './log-task.ts';
import { describeStop, endReasonOf, isSpotReclaim, type TaskStateChange } from './task-event.ts';

export interface ProcessWarmEventDeps {
  readonly logger: Logger;
  readonly now: () => Date;
  readonly pause: (ms: number) => Promise<void>;
  readonly recordWarmAddress: (
    warmId: string,
    facts: { readonly address: Address; readonly taskArn: string },
  ) => Promise<UpdateOutcome<WarmContainer>>;
  /** Takes it out of the pool; undefined when it is not in there any more. */
  readonly freeSlot: (warmId: string) => Promise<WarmContainer | undefined>;
  readonly recordWarmFailure: () => Promise<void>;
  readonly getWarmClaim: (warmId: string) => Promise<WarmClaim | undefined>;
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  /**
   * Notes that the session is ending, for this reason, unless it has ended, or has a reason to end, already. `by`: only while
   * the session names that container.
   */
  readonly recordEnding: (
    sessionId: string,
    reason: EndReason,
    by?: ContainerRef,
  ) => Promise<UpdateOutcome<Session>>;
  /** Ends the session for this reason unless it has ended, or has a reason to end, already. `by`: as above. */
  readonly end: (
    sessionId: string,
    ending: Pick<Ending, 'reason' | 'detail'>,
    by?: ContainerRef,
  ) => Promise<Session | undefined>;
}

/** A warm container runs: from now on it can be claimed, if it is ready. One that was claimed, or has gone, stays as it is. */
export async function onWarmRunning(
  { logger, recordWarmAddress }: ProcessWarmEventDeps,
  warmId: string,
  facts: { readonly address: Address; readonly taskArn: string },
): Promise<void> {
  const { applied, item } = await recordWarmAddress(warmId, facts);
  logger.info('warm container runs', { warmId, taskArn: facts.taskArn, applied, status: item?.status });
}

/**
 * Spot takes a warm container back. Nobody claims it from now on; who has done so already hears why it ends. That is no
 * failure of a start: the keeper goes on as before.
 */
export async function onWarmReclaimed(
  deps: ProcessWarmEventDeps,
  warmId: string,
  { detail: { taskArn } }: TaskStateChange,
): Promise<void> {
  const { logger } = deps;
  if ((await deps.freeSlot(warmId)) !== undefined)
    return logger.warn('warm container is taken back', { warmId, taskArn });
  const by = await claimantOf(deps, warmId);
  if (by === undefined) return;
  const { sessionId } = by;
  const { applied } = await deps.recordEnding(sessionId, 'spot_reclaimed', by);
  logger.warn('task is taken back', { sessionId, warmId, taskArn, applied });
}

/**
 * A warm container has stopped. Either it was in the pool, or it had been claimed: then its session ends with it, if the
 * session believes in this container and not in one that it tried later.
 */
export async function onWarmStopped(
  deps: ProcessWarmEventDeps,
  warmId: string,
  event: TaskStateChange,
): Promise<void> {
  const { logger } = deps;
  const { taskArn } = event.detail;
  const freed = await deps.freeSlot(warmId);
  if (freed !== undefined) {
    const isFailure = cameToNothing(freed, event, deps.now());
    logger.info('warm container stopped', { warmId, taskArn, isFailure, detail: describeStop(event) });
    if (isFailure) await deps.recordWarmFailure();
    return;
  }
  const by = await claimantOf(deps, warmId);
  if (by === undefined) return;
  const { sessionId } = by;
  const ended = await deps.end(sessionId, { reason: endReasonOf(event), detail: describeStop(event) }, by);
  logTaskStopped(deps, ended, event.detail);
}

// After the last moment for the claim's answer: for the write that takes the session to another container.
const MOVE_MS = 2_000;

/**
 * Whose the container is: undefined when nobody has claimed it, or its session went on to another one. A create that has just
 * claimed it may yet take its session on, and has its time for that.
 */
async function claimantOf(
  { getWarmClaim, getSession, now, pause }: ProcessWarmEventDeps,
  warmId: string,
): Promise<ContainerRef | undefined> {
  const claim = await getWarmClaim(warmId);
  if (claim === undefined) return undefined;
  const by = { sessionId: claim.sessionId, warmId };
  const isItsOwn = (session: Session | undefined) => session !== undefined && isContainerOf(session, by);
  const session = await getSession(claim.sessionId);
  const leftMs = Date.parse(claim.claimedAt) + WARM.claimAnswerMs + MOVE_MS - now().getTime();
  if (session?.status !== 'STARTING' || leftMs <= 0) return isItsOwn(session) ? by : undefined;
  await pause(leftMs);
  return isItsOwn(await getSession(claim.sessionId)) ? by : undefined;
}

/** It ended by itself, before its time: the keeper is to be careful with the next ones. */
const cameToNothing = ({ expiresAt }: WarmContainer, event: TaskStateChange, now: Date): boolean =>
  event.detail.stopCode !== 'UserInitiated' && !isSpotReclaim(event) && now.getTime() < Date.parse(expiresAt);
