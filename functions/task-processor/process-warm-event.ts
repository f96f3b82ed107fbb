import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import { type ContainerRef, isContainerOf } from '../../core/domain/container-ref.ts';
import type { Address, Session } from '../../core/domain/session.ts';
import type { WarmClaim, WarmContainer } from '../../core/domain/warm-container.ts';
import type { Logger } from '../../core/log/logger.ts';
import { describeStop, type TaskStateChange } from './task-event.ts';

export interface ProcessWarmEventDeps {
  readonly logger: Logger;
  readonly now: () => Date;
  readonly recordWarmAddress: (
    warmId: string,
    facts: { readonly address: Address; readonly taskArn: string },
  ) => Promise<UpdateOutcome<WarmContainer>>;
  /** Takes it out of the pool; undefined when it is not in there any more. */
  readonly freeSlot: (warmId: string) => Promise<WarmContainer | undefined>;
  readonly recordWarmFailure: () => Promise<void>;
  readonly getWarmClaim: (warmId: string) => Promise<WarmClaim | undefined>;
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  /** `by`: only while the session names that container. */
  readonly end: (sessionId: string, detail: string, by?: ContainerRef) => Promise<Session | undefined>;
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
  const claim = await deps.getWarmClaim(warmId);
  const session = claim && (await deps.getSession(claim.sessionId));
  if (session === undefined || !isContainerOf(session, { sessionId: session.sessionId, warmId })) return;
  const { sessionId } = session;
  const ended = await deps.end(sessionId, describeStop(event), { sessionId, warmId });
  const { status, endReason } = ended ?? {};
  logger.info('task stopped', { sessionId, warmId, taskArn, status, endReason });
}

/** It ended by itself, before its time: the keeper is to be careful with the next ones. */
const cameToNothing = ({ expiresAt }: WarmContainer, { detail }: TaskStateChange, now: Date): boolean =>
  detail.stopCode !== 'UserInitiated' && now.getTime() < Date.parse(expiresAt);
