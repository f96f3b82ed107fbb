/**
 * One request for a session, and how several of them are known to mean the same one. A client that gave up and asks
 * again must find the browser of its first try; two programs that ask alike must never find each other's.
 */
import type { Session, SessionStatus } from './session.ts';
import { CREATE_RETRY } from './timing.ts';

export interface CreateAttempt {
  /** The request's id. */
  readonly id: string;
  readonly at: Date;
  readonly bodyHash: string;
  /** Of the project and its `Idempotency-Key`. */
  readonly keyHash?: string;
  /** The id that the client chose. */
  readonly sessionId?: string;
  /** Of who asks, for what: only of SDKs that say when they repeat themselves. */
  readonly callerHash?: string;
  readonly isRetry: boolean;
  /** After so long the caller has surely gone. */
  readonly patienceMs?: number;
}

/** That a session belongs to this attempt. */
export const attemptFieldsOf = ({ id, at, patienceMs }: CreateAttempt) => ({
  attemptId: id,
  attemptAt: at.toISOString(),
  ...(patienceMs === undefined ? {} : { patienceMs }),
});

/** Names in lower case. */
type RequestHeaders = Readonly<Record<string, string>>;

const RETRY_COUNT = 'x-stainless-retry-count';
// Node's SDK sends the one, Python's the other, both in seconds; Node's rounded down.
const TIMEOUTS = ['x-stainless-timeout', 'x-stainless-read-timeout'];
const KEYS = ['x-bb-api-key', 'x-wc-api-key', 'authorization'];

/** What is the same in all tries of one call, and differs between programs as far as a server can see it. */
export function callerFactsOf(headers: RequestHeaders): readonly string[] | undefined {
  if (headers[RETRY_COUNT] === undefined) return undefined;
  const agent = Object.entries(headers).filter(
    ([name]) => name === 'user-agent' || (name.startsWith('x-stainless-') && name !== RETRY_COUNT),
  );
  const keys = KEYS.map((name) => [name, headers[name] ?? ''] as const);
  return [viewerOf(headers), ...[...agent, ...keys].map(([name, value]) => `${name}: ${value}`).sort()];
}

/** Without the hop that was added last: behind CloudFront that is one of its many addresses. */
function viewerOf({ 'x-forwarded-for': hops = '' }: RequestHeaders): string {
  const addresses = hops.split(',').map((hop) => hop.trim());
  return addresses.slice(0, Math.max(1, addresses.length - 1)).join(',');
}

export const isRetry = (headers: RequestHeaders): boolean => Number(headers[RETRY_COUNT] ?? 0) > 0;

export function patienceMsOf(headers: RequestHeaders): number | undefined {
  const told = TIMEOUTS.map((name) => headers[name]).find((value) => value !== undefined);
  const seconds = told === undefined || !/^\d{1,6}(\.\d+)?$/.test(told) ? Number.NaN : Number(told);
  return Number.isNaN(seconds) ? undefined : Math.floor(seconds) * 1000 + CREATE_RETRY.roundingMs;
}

/** A session in one of these has no client: it can pass from one create to its retry. */
export const UNCLAIMED_STATUSES = [
  'CREATING',
  'STARTING',
  'READY',
] as const satisfies readonly SessionStatus[];

const isUnclaimed = ({ status }: Session): boolean => UNCLAIMED_STATUSES.some((each) => each === status);

/**
 * In how many ms it is certain that nobody has, or will get, the answer of the create that this session belongs to; 0 when
 * it is, undefined when that cannot be said. What was answered in time belongs to whoever asked.
 */
export function givenUpInMs(session: Session, nowMs: number): number | undefined {
  const { attemptAt, patienceMs, callerLeftAt, answeredAt } = session;
  if (attemptAt === undefined || !isUnclaimed(session)) return undefined;
  if (callerLeftAt !== undefined) return 0;
  if (patienceMs === undefined) return undefined;
  const goneAtMs = Date.parse(attemptAt) + patienceMs;
  if (answeredAt !== undefined) return Date.parse(answeredAt) >= goneAtMs ? 0 : undefined;
  return Math.max(0, goneAtMs - nowMs);
}

export const isGivenUp = (session: Session, nowMs: number): boolean => givenUpInMs(session, nowMs) === 0;

/**
 * How long the attempt's session waits for its first client, where that is not the usual time. `unseenMs` is for a platform
 * that sees nobody leave: a caller that tells no time-out may have gone without the answer, and then only a key, an id of
 * its own, or the wish that the session outlives its clients says that somebody will look for it.
 */
export const connectDeadlineMsOf = (
  { patienceMs, keyHash, sessionId }: CreateAttempt,
  { keepAlive, unseenMs }: { readonly keepAlive: boolean; readonly unseenMs: number | undefined },
): number | undefined =>
  patienceMs === undefined && keyHash === undefined && sessionId === undefined && !keepAlive
    ? unseenMs
    : undefined;

/** READY, and known to nobody: its create has not answered, or not to anybody. */
export const isUnanswered = ({ status, attemptAt, answeredAt, callerLeftAt }: Session): boolean =>
  status === 'READY' && attemptAt !== undefined && (answeredAt === undefined || callerLeftAt !== undefined);

/**
 * Whether a session came to nothing, so that its `Idempotency-Key` may make another: it never was ready, or nobody ever
 * came. Not when somebody released it: that is an end that was wanted.
 */
export function cameToNothing({ startedAt, endReason }: Session): boolean {
  if (endReason === 'create_given_up' || endReason === 'never_connected') return true;
  return endReason !== undefined && endReason !== 'released' && startedAt === undefined;
}

/** Which session an `Idempotency-Key` has made. Lies in the sessions table, where it is written with the session. */
export interface CreateClaim {
  /** `create#` and a hash: no session has such an id. */
  readonly sessionId: string;
  readonly createdSessionId: string;
  readonly bodyHash: string;
  /** In seconds since 1970. */
  readonly purgeAt: number;
}

export const claimIdOf = (keyHash: string): string => `create#${keyHash}`;

export const newClaim = (
  keyHash: string,
  createdSessionId: string,
  { at, bodyHash }: CreateAttempt,
): CreateClaim => ({
  sessionId: claimIdOf(keyHash),
  createdSessionId,
  bodyHash,
  purgeAt: Math.floor((at.getTime() + CREATE_RETRY.keyMs) / 1000),
});
