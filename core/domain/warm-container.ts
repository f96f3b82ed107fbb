/** A container that runs without a session, and waits to be claimed by one. One item of the warm-pool table. */
import type { Address } from './session.ts';

/** STARTING until its address is known and its own proxy has spoken CDP; then AVAILABLE. A claim deletes the item. */
export type WarmStatus = 'STARTING' | 'AVAILABLE';

/** The partition of all slots; what is beside them in the table has partitions of its own. */
export const WARM_SLOTS = 'slots';
/** The partition of claims: which session a container went to, by its warm id. */
export const WARM_CLAIMS = 'claims';

export interface WarmContainer {
  readonly pool: typeof WARM_SLOTS;
  /** `w01`, `w02`, ...: at most one container each. */
  readonly slot: string;
  /** `<slot>-<uuid>`: of this container and of no other one, ever. */
  readonly warmId: string;
  readonly status: WarmStatus;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The keeper ends it then, unclaimed; WARM.overdueMs later (WARM_UNTIL) it does so itself. */
  readonly expiresAt: string;
  /** The task definition that it runs: an older one is replaced after a deployment. */
  readonly revision: string;
  /** The key whose public half it knows: claims and the session's tokens are signed with it. */
  readonly tokenKeyId: string;
  readonly taskArn?: string;
  readonly address?: Address;
  /** When its own proxy had spoken CDP with its Chrome. */
  readonly containerReadyAt?: string;
  /** Its own, made at its start: a public JWK (OKP, X25519) as JSON. Claims are sealed to it. */
  readonly publicKey?: string;
  readonly availableAt?: string;
}

/** Whose a claimed container is. Kept for as long as a session can live. */
export interface WarmClaim {
  readonly pool: typeof WARM_CLAIMS;
  /** The warm id. */
  readonly slot: string;
  readonly sessionId: string;
  readonly claimedAt: string;
  /** Seconds since 1970: DynamoDB deletes it then. */
  readonly purgeAt: number;
}

const WARM_ID = /^(w\d{2,3})-[0-9a-f-]{36}$/;

/** The slot of a warm id; undefined when it is none, as the `startedBy` of a task that was started for a session. */
export const slotOfWarmId = (id: string): string | undefined => WARM_ID.exec(id)?.[1];

/** The name of slot `number`, from 1. */
export const warmSlot = (number: number): string => `w${String(number).padStart(2, '0')}`;
