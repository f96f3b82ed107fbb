import type { EndReason } from './end-reason.ts';
import { HISTORY_DAYS } from './timing.ts';

/** What a session can be in, inside the platform (architecture, section 3). */
export const SESSION_STATUSES = [
  'CREATING',
  'STARTING',
  'READY',
  'ACTIVE',
  'TERMINATING',
  'STOPPED',
  'FAILED',
  'TIMED_OUT',
] as const;

export type SessionStatus = (typeof SESSION_STATUSES)[number];
export type TerminalStatus = 'STOPPED' | 'FAILED' | 'TIMED_OUT';
export type LiveStatus = Exclude<SessionStatus, TerminalStatus>;

/** What a client of the API sees. */
export const PUBLIC_STATUSES = ['PENDING', 'RUNNING', 'ERROR', 'TIMED_OUT', 'COMPLETED'] as const;
export type PublicStatus = (typeof PUBLIC_STATUSES)[number];

const NEXT: Record<SessionStatus, readonly SessionStatus[]> = {
  CREATING: ['STARTING', 'READY', 'TERMINATING', 'STOPPED', 'FAILED', 'TIMED_OUT'],
  STARTING: ['READY', 'TERMINATING', 'STOPPED', 'FAILED', 'TIMED_OUT'],
  READY: ['ACTIVE', 'TERMINATING', 'STOPPED', 'FAILED', 'TIMED_OUT'],
  ACTIVE: ['READY', 'TERMINATING', 'STOPPED', 'FAILED', 'TIMED_OUT'],
  TERMINATING: ['STOPPED', 'FAILED', 'TIMED_OUT'],
  STOPPED: [],
  FAILED: [],
  TIMED_OUT: [],
};

const PUBLIC: Record<SessionStatus, PublicStatus> = {
  CREATING: 'PENDING',
  STARTING: 'PENDING',
  READY: 'RUNNING',
  ACTIVE: 'RUNNING',
  TERMINATING: 'RUNNING',
  STOPPED: 'COMPLETED',
  FAILED: 'ERROR',
  TIMED_OUT: 'TIMED_OUT',
};

/** Whether a session may go from `from` to `to` in one step. */
export const canStep = (from: SessionStatus, to: SessionStatus): boolean => NEXT[from].includes(to);

/** Every status from which `to` is one legal step: the condition of the update that takes it. */
export const statusesBefore = (to: SessionStatus): readonly SessionStatus[] =>
  SESSION_STATUSES.filter((from) => canStep(from, to));

export const isTerminal = (status: SessionStatus): status is TerminalStatus => NEXT[status].length === 0;

export const LIVE_STATUSES: readonly LiveStatus[] = SESSION_STATUSES.filter(
  (status): status is LiveStatus => !isTerminal(status),
);

/** A client may connect to a session in one of these. */
export const CONNECTABLE_STATUSES: readonly SessionStatus[] = ['READY', 'ACTIVE'];
export const isConnectable = (status: SessionStatus): boolean => CONNECTABLE_STATUSES.includes(status);

export const toPublicStatus = (status: SessionStatus): PublicStatus => PUBLIC[status];

/** The internal statuses that a client sees as `status`. */
export const statusesSeenAs = (status: PublicStatus): readonly SessionStatus[] =>
  SESSION_STATUSES.filter((candidate) => PUBLIC[candidate] === status);

export const REGIONS = ['us-west-2', 'us-east-1', 'eu-central-1', 'ap-southeast-1'] as const;
export type Region = (typeof REGIONS)[number];

/** Where a session's proxy listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * One item of the sessions table. Times are ISO 8601 in UTC, so that they sort as text; `purgeAt` is in seconds, as
 * DynamoDB's TTL wants it. No token is ever stored: tokens are signed when an answer needs one.
 */
export interface Session {
  readonly sessionId: string;
  readonly projectId: string;
  readonly status: SessionStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When the session became READY. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** The deadline. */
  readonly expiresAt: string;
  /** Set at the end: when DynamoDB deletes the item, in seconds since 1970. */
  readonly purgeAt?: number;
  readonly endReason?: EndReason;
  readonly endDetail?: string;
  readonly keepAlive: boolean;
  readonly region: Region;
  readonly timeoutSeconds: number;
  readonly contextId?: string;
  readonly persistContext?: boolean;
  readonly extensionId?: string;
  /** Of the certificates that its browser trusts; missing for none. */
  readonly certificateIds?: readonly string[];
  /** Where it goes out by proxies: which, sealed (core/tokens/seal-proxies.ts). Gone with its end. */
  readonly sealedProxies?: string;
  /** Whether it is recorded: as it asked, or as the installation does. Sessions from before there were recordings have none. */
  readonly recordSession?: boolean;
  /** As JSON text: exactly what the client sent, whatever DynamoDB's own types can hold. */
  readonly userMetadata?: string;
  /** The name of the size of its container, where it asked for one. */
  readonly taskSize?: string;
  /** The create that waits for this session, or was answered with it: its request's id. A retry takes it over. */
  readonly attemptId?: string;
  readonly attemptAt?: string;
  /** The request that asked for it first: every line about it has that id. */
  readonly requestId?: string;
  /** W3C's: of the create, where it is traced. All that is traced of the session is a part of that. */
  readonly traceparent?: string;
  /** After so long its caller is gone: where the caller says how long it waits. */
  readonly patienceMs?: number;
  /** When that caller was seen to be gone. */
  readonly callerLeftAt?: string;
  readonly answeredAt?: string;
  /** For its first client, until that has come: where it is not the platform's usual time. */
  readonly connectDeadlineMs?: number;
  /** Of the create's body, and of who sends it with an SDK: hashes. */
  readonly bodyHash?: string;
  readonly callerHash?: string;
  /** The ready queue on which the create of this session waits. */
  readonly shard: string;
  /** The key that signed the container's view of the world; later tokens for this session use it too. */
  readonly tokenKeyId: string;
  readonly taskArn?: string;
  readonly address?: Address;
  /** The warm container that it claimed. Of several that were tried, the last: no other one is believed. */
  readonly warmId?: string;
  /** When the container reported that its proxy speaks CDP. */
  readonly containerReadyAt?: string;
  readonly lastHeartbeatAt?: string;
  readonly connectionCount?: number;
  readonly proxyBytes: number;
  readonly browserMinutes?: number;
}

export const MAX_USER_METADATA_CHARACTERS = 512;

/** When the history of a session that ended at `endedAt` is deleted, in seconds since 1970. */
export const purgeAtOf = (endedAt: string): number =>
  Math.floor(Date.parse(endedAt) / 1000) + HISTORY_DAYS * 86_400;
