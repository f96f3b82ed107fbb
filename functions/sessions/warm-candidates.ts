import { type ClaimableContainer, isClaimable } from '../../core/domain/claimable-container.ts';
import type { Session } from '../../core/domain/session.ts';
import type { WarmContainer } from '../../core/domain/warm-container.ts';
import { canSignUntil } from '../../core/tokens/key-set.ts';
import type { TokenKeySet } from '../../core/tokens/tokens.ts';
import { containerTokenEndOf } from './container-token.ts';

/**
 * The warm containers that a session may claim, in an order of chance: ten creates at once seldom want the same. Not one
 * whose only key is dropped before the session ends.
 */
export function warmCandidates(
  slots: readonly WarmContainer[],
  keySet: TokenKeySet,
  session: Pick<Session, 'expiresAt'>,
  { now, random = Math.random }: { readonly now: Date; readonly random?: () => number },
): readonly ClaimableContainer[] {
  const until = containerTokenEndOf(session);
  return slots
    .filter((slot) => isClaimable(slot, now))
    .filter(({ tokenKeyId }) => canSignUntil(keySet, tokenKeyId, until))
    .map((container) => ({ container, rank: random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ container }) => container);
}
