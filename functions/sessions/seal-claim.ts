import { addressTextOf } from '../../core/domain/address-text.ts';
import type { ClaimedAssignment } from '../../core/domain/claim.ts';
import type { ClaimableContainer } from '../../core/domain/claimable-container.ts';
import { connectEndpointOf } from '../../core/domain/connect-url.ts';
import type { Session } from '../../core/domain/session.ts';
import { WARM } from '../../core/domain/timing.ts';
import { bodyHashOf } from '../../core/tokens/body-hash.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { TokenKeySet } from '../../core/tokens/tokens.ts';
import { signContainerToken } from './container-token.ts';
import type { CreateSessionDeps } from './create-session-deps.ts';
import { sealAssignment } from './seal-assignment.ts';
import type { Claim } from './send-claim.ts';

/** What a claim hands over besides the session itself. */
export interface Handover {
  readonly keySet: TokenKeySet;
  readonly settings: ClaimedAssignment['settings'];
  /** What the container fetches. Asked once, whichever takes it. */
  readonly urls: () => Promise<Pick<ClaimedAssignment, 'profileUrl' | 'extensionUrl'>>;
}

/** A claim that only this container can read, for a session that has its fields. */
export async function sealClaim(
  { publicConnectOrigin, clock }: Pick<CreateSessionDeps, 'publicConnectOrigin' | 'clock'>,
  session: Session,
  { address, publicKey, tokenKeyId, warmId }: ClaimableContainer,
  { keySet, settings, urls }: Handover,
): Promise<Claim> {
  const { sessionId, projectId } = session;
  const token = signContainerToken(keySet, session);
  const assignment = { sessionId, projectId, token, settings, ...(await urls()) };
  const body = await sealAssignment(assignment, publicKey);
  const claimToken = signToken(keySet, tokenKeyId, 'claim', {
    sessionId,
    projectId,
    warmId,
    bodyHash: bodyHashOf(body),
    address: addressTextOf(address),
    expiresAt: new Date(clock.now() + WARM.claimTokenMs),
  });
  const { httpOrigin } = connectEndpointOf(address, publicConnectOrigin);
  return { httpOrigin, token: claimToken, body };
}
