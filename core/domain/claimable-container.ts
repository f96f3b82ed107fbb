import type { Session } from './session.ts';
import type { WarmContainer } from './warm-container.ts';

/** A warm container of which all is known that a claim needs. */
export type ClaimableContainer = WarmContainer &
  Required<Pick<WarmContainer, 'taskArn' | 'address' | 'publicKey'>>;

/** Whether a session may claim it: it waits, and does not end itself for its age. */
export const isClaimable = (container: WarmContainer, now: Date): container is ClaimableContainer =>
  container.status === 'AVAILABLE' &&
  container.taskArn !== undefined &&
  container.address !== undefined &&
  container.publicKey !== undefined &&
  Date.parse(container.expiresAt) > now.getTime();

/** What a session knows of the container that it has claimed. Its tokens are signed by the key that the container knows. */
export const claimedFieldsOf = ({ warmId, taskArn, address, tokenKeyId }: ClaimableContainer) =>
  ({ status: 'STARTING', warmId, taskArn, address, tokenKeyId }) as const satisfies Partial<Session>;
