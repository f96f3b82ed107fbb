import { setTimeout as pause } from 'node:timers/promises';
import type { SessionRoute } from '../core/aws/sessions/get-session-route.ts';
import { END_REASONS } from '../core/domain/end-reason.ts';
import { type Address, isConnectable, isTerminal } from '../core/domain/session.ts';
import type { RouterLimits } from './limits.ts';
import { hasEnded, REFUSALS, RefusedError } from './refusals.ts';

export interface SessionFinderDeps {
  readonly getRoute: (sessionId: string) => Promise<SessionRoute | undefined>;
  readonly readyWaitMs: number;
  readonly maxWaiting: number;
  readonly limits: Pick<RouterLimits, 'maxWaitingPerSession' | 'firstPollMs' | 'lastPollMs'>;
}

/** Whom a verified token is for. */
export interface SessionId {
  readonly sessionId: string;
  readonly projectId: string;
}

interface Waiter {
  settle(outcome: Address | Error): void;
}

/**
 * Finds the address of a session's container. A session that is still starting is waited for; all who wait for the same
 * one share its reads.
 */
export function createSessionFinder({ getRoute, readyWaitMs, maxWaiting, limits }: SessionFinderDeps) {
  const waiting = new Map<string, Set<Waiter>>();
  let waitingCount = 0;

  async function look({ sessionId, projectId }: SessionId): Promise<Address | undefined> {
    const route = await getRoute(sessionId);
    if (route?.projectId !== projectId) throw new RefusedError(REFUSALS.unknownSession);
    const { status, address, endReason } = route;
    if (isTerminal(status) || status === 'TERMINATING') {
      throw new RefusedError(hasEnded(endReason === undefined ? undefined : END_REASONS[endReason].text));
    }
    return isConnectable(status) ? address : undefined;
  }

  /** Reads until nobody waits any more. */
  async function watch(session: SessionId, waiters: Set<Waiter>): Promise<void> {
    let delayMs = limits.firstPollMs;
    while (waiters.size > 0) {
      await pause(delayMs);
      delayMs = Math.min(delayMs * 2, limits.lastPollMs);
      const outcome = await look(session).catch((error: Error) => error);
      if (outcome !== undefined) for (const waiter of [...waiters]) waiter.settle(outcome);
    }
    waiting.delete(session.sessionId);
  }

  function join(session: SessionId, signal: AbortSignal): Promise<Address> {
    const others = waiting.get(session.sessionId);
    if (waitingCount >= maxWaiting) throw new RefusedError(REFUSALS.tooManyWaiting);
    if ((others?.size ?? 0) >= limits.maxWaitingPerSession)
      throw new RefusedError(REFUSALS.tooManyForSession);
    const waiters = others ?? new Set<Waiter>();
    const { promise, resolve, reject } = Promise.withResolvers<Address>();
    const waiter: Waiter = {
      settle(outcome) {
        if (!waiters.delete(waiter)) return;
        waitingCount -= 1;
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      },
    };
    const timer = setTimeout(() => waiter.settle(new RefusedError(REFUSALS.notReady)), readyWaitMs);
    const onAbort = () => waiter.settle(signal.reason);
    signal.addEventListener('abort', onAbort);
    waiters.add(waiter);
    waitingCount += 1;
    if (others === undefined) {
      waiting.set(session.sessionId, waiters);
      void watch(session, waiters);
    }
    return promise;
  }

  return {
    /** Throws a RefusedError, or the reason of `signal`, which ends the waiting. */
    async find(session: SessionId, signal: AbortSignal): Promise<Address> {
      const address = await look(session);
      signal.throwIfAborted();
      return address ?? join(session, signal);
    },
    /** Whether the session has ended, or there is none. */
    async isOver(session: SessionId): Promise<boolean> {
      try {
        await look(session);
        return false;
      } catch (error) {
        if (error instanceof RefusedError) return true;
        throw error;
      }
    },
    waitingCount: (): number => waitingCount,
  };
}

export type SessionFinder = ReturnType<typeof createSessionFinder>;
