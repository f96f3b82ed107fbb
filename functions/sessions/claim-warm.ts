import type { ClaimAnswer } from '../../core/domain/claim.ts';
import { type ClaimableContainer, claimedFieldsOf } from '../../core/domain/claimable-container.ts';
import { lineIdsOf } from '../../core/domain/log-events.ts';
import type { Session } from '../../core/domain/session.ts';
import { logEvent } from '../../core/log/log-event.ts';
import { type CreateSessionDeps, nowOf } from './create-session-deps.ts';
import { type Handover, sealClaim } from './seal-claim.ts';
import { type Claim, ClaimNotTakenError } from './send-claim.ts';
import type { WarmPool } from './warm-pool.ts';

type Deps = CreateSessionDeps & { readonly warmPool: WarmPool };

/** `cold`: no container has taken it, and the session has none. `over`: it does not wait for one any more. */
export type Claimed =
  | { readonly kind: 'claimed'; readonly session: Session; readonly answer: ClaimAnswer }
  | { readonly kind: 'cold' | 'over' };

// One that does not answer costs a create three of its fifty seconds.
const MAX_CONTAINERS = 3;

/** The claim of a session's first container, which is sealed while the session is admitted. */
export interface SealedAhead {
  readonly warmId: string;
  readonly claim: Promise<Claim>;
}

/** Most sessions get the container they want most: what it is told is ready when they have it. */
export function sealAhead(
  deps: CreateSessionDeps,
  session: Session,
  container: ClaimableContainer | undefined,
  handover: Handover,
): SealedAhead | undefined {
  if (container === undefined) return undefined;
  const claim = sealClaim(deps, { ...session, ...claimedFieldsOf(container) }, container, handover);
  // Another may be faster, or the session not be admitted. Whoever delivers it meets its failure.
  claim.catch(() => undefined);
  return { warmId: container.warmId, claim };
}

/**
 * Delivers the claim of a session that was admitted with a warm container. One that does not take it is stopped, and the
 * session goes on to the next of `candidates`, which begin with its own.
 */
export async function claimWarm(
  deps: Deps,
  admitted: Session,
  candidates: readonly ClaimableContainer[],
  { handover, ahead }: { readonly handover: Handover; readonly ahead: SealedAhead | undefined },
): Promise<Claimed> {
  const left = candidates.slice();
  let session = admitted;
  for (let tried = 1; ; tried++) {
    const container = left.shift();
    if (container === undefined) throw new Error(`Session ${session.sessionId} has no container`);
    const claim =
      ahead?.warmId === container.warmId ? ahead.claim : sealClaim(deps, session, container, handover);
    const answer = await deliver(deps, session, container, claim);
    if (answer !== undefined) return { kind: 'claimed', session, answer };
    const next = await leave(deps, container, () =>
      tried < MAX_CONTAINERS ? moveOn(deps, session, left, handover) : leavePool(deps, session, handover),
    );
    if (typeof next === 'string') return { kind: next };
    session = { ...session, ...claimedFieldsOf(next) };
  }
}

/** Undefined when the container did not take it. What is logged says why, and holds nothing of what was sent. */
async function deliver(
  { warmPool, logger, clock }: Deps,
  session: Session,
  { warmId }: ClaimableContainer,
  claim: Promise<Claim>,
): Promise<ClaimAnswer | undefined> {
  const startedAtMs = clock.now();
  const log = (outcome: 'taken' | 'not_taken', why?: string) => {
    const durationMs = clock.now() - startedAtMs;
    logEvent(logger, 'pool.claim', { ...lineIdsOf(session), warmId, outcome, durationMs, why });
  };
  try {
    const answer = await warmPool.send(await claim);
    log('taken');
    return answer;
  } catch (error) {
    log('not_taken', error instanceof ClaimNotTakenError ? error.message : 'it could not be sealed');
    return undefined;
  }
}

/**
 * Takes the session away from a container, and stops that. Not when the session is over: then the container is stopped by
 * who has ended it, or its answer was lost, it has restored its profile and the session is READY with it.
 */
async function leave<Next>(
  deps: Deps,
  container: ClaimableContainer,
  takeAway: () => Promise<Next>,
): Promise<Next> {
  let isOver = false;
  try {
    const next = await takeAway();
    isOver = next === 'over';
    return next;
  } finally {
    if (!isOver) await stopUntaken(deps, container);
  }
}

/**
 * It may have heard of the session, and its answer may be lost. Noted as a failure of the pool: where no claim arrives, new
 * containers for the creates to stop would only cost.
 */
async function stopUntaken(
  { warmPool, stopTask, logger, clock }: Deps,
  { taskArn, warmId }: ClaimableContainer,
): Promise<void> {
  const log = (what: string) => (error: unknown) => logger.error(what, { warmId, error });
  await Promise.all([
    stopTask(taskArn, 'It did not take its claim').catch(
      log('warm container not stopped; it is left to the sweeper'),
    ),
    warmPool.recordFailure(nowOf({ clock })).catch(log('a claim that was not taken is not noted')),
  ]);
}

/** Takes the session to the first of `left` that nobody else has; what is left begins with it then. */
async function moveOn(
  deps: Deps,
  session: Session,
  left: ClaimableContainer[],
  handover: Handover,
): Promise<ClaimableContainer | 'cold' | 'over'> {
  const { sessionId, warmId } = session;
  for (let next = left[0]; next !== undefined && warmId !== undefined; next = left[0]) {
    const moved = await deps.warmPool.move(sessionId, { from: warmId, to: next, at: nowOf(deps) });
    if (moved === 'over') return 'over';
    if (moved === 'moved') return next;
    left.shift();
  }
  return leavePool(deps, session, handover);
}

/** From here on the session is as one that never had a warm container, unless it does not wait any more. */
async function leavePool(
  deps: CreateSessionDeps,
  { sessionId, warmId }: Session,
  { keySet }: Handover,
): Promise<'cold' | 'over'> {
  const left = await deps.step(sessionId, {
    set: { tokenKeyId: keySet.current },
    remove: ['warmId', 'address', 'taskArn'],
    container: { warmId },
    from: ['STARTING'],
    at: nowOf(deps),
  });
  return left.applied ? 'cold' : 'over';
}
