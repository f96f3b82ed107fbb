import { pause } from '../../core/domain/clock.ts';
import {
  attemptFieldsOf,
  type CreateAttempt,
  cameToNothing,
  givenUpInMs,
  isGivenUp,
  UNCLAIMED_STATUSES,
} from '../../core/domain/create-attempt.ts';
import { AppError } from '../../core/domain/errors.ts';
import { isTerminal, type Session } from '../../core/domain/session.ts';
import { CREATE_RETRY } from '../../core/domain/timing.ts';
import { type CreateSessionDeps, nowOf } from './create-session-deps.ts';

/** The session of the same create, or none; then perhaps the one in whose place a key's next session comes. */
export interface Earlier {
  readonly session?: Session;
  readonly replaces?: string;
}

/** By the key that the client sent, by the id that it chose, or by who repeats what. */
export async function findEarlierCreate(
  deps: CreateSessionDeps,
  attempt: CreateAttempt,
  projectId: string,
): Promise<Earlier> {
  const { keyHash, sessionId } = attempt;
  if (keyHash !== undefined) return findByKey(deps, attempt, keyHash);
  if (sessionId !== undefined) return findById(deps, attempt, { sessionId, projectId });
  const { callerHash, isRetry } = attempt;
  if (!isRetry || callerHash === undefined) return {};
  return findGivenUp(deps, attempt, { projectId, callerHash });
}

async function findByKey(deps: CreateSessionDeps, attempt: CreateAttempt, keyHash: string): Promise<Earlier> {
  const claim = await deps.getClaim(keyHash);
  if (claim === undefined) return {};
  if (claim.bodyHash !== attempt.bodyHash) throw new AppError('CREATE_DIFFERS', ['Idempotency-Key']);
  const session = await deps.getSession(claim.createdSessionId);
  if (session === undefined || (isOver(session) && cameToNothing(session)))
    return { replaces: claim.createdSessionId };
  if (isOver(session)) throw new AppError('KEY_SESSION_ENDED', [session.sessionId, 'Idempotency-Key']);
  return { session };
}

/** An id names one session for ever: one that came to nothing stays in the history under it. */
async function findById(
  deps: CreateSessionDeps,
  attempt: CreateAttempt,
  { sessionId, projectId }: { readonly sessionId: string; readonly projectId: string },
): Promise<Earlier> {
  const session = await deps.getSession(sessionId);
  if (session === undefined) return {};
  if (session.projectId !== projectId) throw new AppError('SESSION_ID_TAKEN', [sessionId]);
  if (session.bodyHash !== attempt.bodyHash) throw new AppError('CREATE_DIFFERS', ['body/id']);
  if (isOver(session)) throw new AppError('KEY_SESSION_ENDED', [sessionId, 'body/id']);
  return { session };
}

const isOver = ({ status }: Session): boolean => status === 'TERMINATING' || isTerminal(status);

/**
 * For a retry: a session whose caller has surely gone, which now belongs to this attempt. One whose caller may still wait is
 * never taken: another program may have asked alike at the same time.
 */
async function findGivenUp(
  deps: CreateSessionDeps,
  attempt: CreateAttempt,
  { projectId, callerHash }: { readonly projectId: string; readonly callerHash: string },
): Promise<Earlier> {
  const since = new Date(attempt.at.getTime() - CREATE_RETRY.lookBackMs);
  const creates = await deps.findRetriedCreates(projectId, callerHash, since);
  const waits = creates.map((session) => givenUpInMs(session, deps.clock.now()));
  const soon = waits.filter((ms) => ms !== undefined && ms <= CREATE_RETRY.waitMs) as number[];
  if (soon.length === 0) return {};
  const waitMs = Math.min(...soon);
  if (waitMs > 0) await pause(deps.clock, waitMs);
  for (const { sessionId } of creates) {
    const session = await deps.getSession(sessionId);
    if (session === undefined || !isGivenUp(session, deps.clock.now())) continue;
    const taken = await takeOver(deps, attempt, session);
    if (taken !== undefined) return { session: taken };
  }
  return {};
}

/** One winner: undefined when another retry has it, or a client, or its own create has ended it. */
export async function takeOver(
  deps: CreateSessionDeps,
  attempt: CreateAttempt,
  { sessionId, attemptId }: Session,
): Promise<Session | undefined> {
  const { item, applied } = await deps.step(sessionId, {
    set: { ...attemptFieldsOf({ ...attempt, at: nowOf(deps) }), shard: deps.shard },
    remove: [
      'callerLeftAt',
      'answeredAt',
      ...(attempt.patienceMs === undefined ? (['patienceMs'] as const) : []),
    ],
    from: UNCLAIMED_STATUSES,
    ...(attemptId === undefined ? {} : { attemptId }),
    at: nowOf(deps),
  });
  return applied ? item : undefined;
}
