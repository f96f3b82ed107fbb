import { pause } from '../../core/domain/clock.ts';
import { type CreateAttempt, UNCLAIMED_STATUSES } from '../../core/domain/create-attempt.ts';
import { CREATE_RETRY } from '../../core/domain/timing.ts';
import type { Caller } from '../../core/http/caller.ts';
import { type CreateSessionDeps, nowOf } from './create-session-deps.ts';

/** Who waits, and for which attempt. */
export interface Waiting {
  readonly caller: Caller;
  readonly attempt: CreateAttempt;
}

/**
 * Runs the rest of a create while its caller waits. Once the caller has gone, seen on its connection or known by the time
 * that it said it would wait, the session is kept for a retry and then ended; that is done when this is.
 */
export async function whileWanted<Result>(
  deps: CreateSessionDeps,
  { caller, attempt }: Waiting,
  sessionId: string,
  run: () => Promise<Result>,
): Promise<Result> {
  let givingUp: Promise<void> | undefined;
  const giveUp = () => {
    givingUp ??= giveUpSession(deps, attempt, sessionId).catch((error: unknown) =>
      deps.logger.error('session not given up; it is left to the sweeper', { sessionId, error }),
    );
    return givingUp;
  };
  caller.onLeave(giveUp);
  const cancel = whenPatienceEnds(deps, attempt, giveUp);
  try {
    return await run();
  } finally {
    cancel();
    await givingUp;
  }
}

function whenPatienceEnds(
  { clock }: CreateSessionDeps,
  { at, patienceMs }: CreateAttempt,
  run: () => void,
): () => void {
  if (patienceMs === undefined) return () => undefined;
  return clock.setTimer(Math.max(0, at.getTime() + patienceMs - clock.now()), run);
}

/** Each step only while the session still belongs to this attempt, and no client has come. */
async function giveUpSession(
  deps: CreateSessionDeps,
  attempt: CreateAttempt,
  sessionId: string,
): Promise<void> {
  const step = (change: Pick<Parameters<CreateSessionDeps['step']>[1], 'to' | 'set'>) =>
    deps.step(sessionId, { ...change, attemptId: attempt.id, from: UNCLAIMED_STATUSES, at: nowOf(deps) });
  const left = await step({ set: { callerLeftAt: nowOf(deps).toISOString() } });
  if (!left.applied) return;
  if (mayComeBack(attempt)) await pause(deps.clock, CREATE_RETRY.graceMs);
  const ending = await step({ to: 'TERMINATING', set: { endReason: 'create_given_up' } });
  if (!ending.applied) return;
  deps.logger.info('session given up by its caller', { sessionId });
  const { startedAt, taskArn } = ending.item;
  // One that was ready says by itself that it has ended.
  if (startedAt === undefined) await deps.end(sessionId, 'create_given_up', '');
  // Without a task it is still being started; whoever starts it finds it ended.
  if (taskArn !== undefined) await deps.stopTask(taskArn, 'create_given_up');
}

const mayComeBack = ({ callerHash, keyHash, sessionId }: CreateAttempt): boolean =>
  callerHash !== undefined || keyHash !== undefined || sessionId !== undefined;
