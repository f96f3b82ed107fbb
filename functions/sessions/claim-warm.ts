import { addressTextOf } from '../../core/domain/address-text.ts';
import type { ClaimAnswer, ClaimedAssignment } from '../../core/domain/claim.ts';
import { type ClaimableContainer, claimedFieldsOf } from '../../core/domain/claimable-container.ts';
import { connectEndpointOf } from '../../core/domain/connect-url.ts';
import type { Session } from '../../core/domain/session.ts';
import { WARM } from '../../core/domain/timing.ts';
import { bodyHashOf } from '../../core/tokens/body-hash.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { TokenKeySet } from '../../core/tokens/tokens.ts';
import { signContainerToken } from './container-token.ts';
import { type CreateSessionDeps, nowOf } from './create-session-deps.ts';
import { sealAssignment } from './seal-assignment.ts';
import { ClaimNotTakenError } from './send-claim.ts';
import type { WarmPool } from './warm-pool.ts';

type Deps = CreateSessionDeps & { readonly warmPool: WarmPool };

/** What a claim hands over besides the session itself. */
export interface Handover {
  readonly keySet: TokenKeySet;
  readonly settings: ClaimedAssignment['settings'];
  readonly profileUrl: () => Promise<string | null>;
}

/** `cold`: no container has taken it, and the session has none. `over`: it does not wait for one any more. */
export type Claimed =
  | { readonly kind: 'claimed'; readonly session: Session; readonly answer: ClaimAnswer }
  | { readonly kind: 'cold' | 'over' };

// One that does not answer costs a create three of its fifty seconds.
const MAX_CONTAINERS = 3;

/**
 * Delivers the claim of a session that was admitted with a warm container. One that does not take it is stopped, and the
 * session goes on to the next of `candidates`, which begin with its own.
 */
export async function claimWarm(
  deps: Deps,
  admitted: Session,
  candidates: readonly ClaimableContainer[],
  handover: Handover,
): Promise<Claimed> {
  const profileUrl = await handover.profileUrl();
  const left = candidates.slice();
  let session = admitted;
  for (let tried = 1; ; tried++) {
    const container = left.shift();
    if (container === undefined) throw new Error(`Session ${session.sessionId} has no container`);
    const answer = await deliver(deps, session, container, { ...handover, profileUrl });
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
  { warmPool, publicConnectOrigin, logger, ...deps }: Deps,
  session: Session,
  { address, publicKey, tokenKeyId, warmId }: ClaimableContainer,
  { keySet, settings, profileUrl }: Pick<Handover, 'keySet' | 'settings'> & { profileUrl: string | null },
): Promise<ClaimAnswer | undefined> {
  const { sessionId, projectId } = session;
  try {
    const token = signContainerToken(keySet, session);
    const assignment = { sessionId, projectId, token, settings, profileUrl };
    const body = await sealAssignment(assignment, publicKey);
    const claimToken = signToken(keySet, tokenKeyId, 'claim', {
      sessionId,
      projectId,
      warmId,
      bodyHash: bodyHashOf(body),
      address: addressTextOf(address),
      expiresAt: new Date(deps.clock.now() + WARM.claimTokenMs),
    });
    const { httpOrigin } = connectEndpointOf(address, publicConnectOrigin);
    return await warmPool.send({ httpOrigin, token: claimToken, body });
  } catch (error) {
    const why = error instanceof ClaimNotTakenError ? error.message : 'it could not be sealed';
    logger.warn('claim not taken', { sessionId, warmId, why });
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
