import { type Clock, pause } from '../core/domain/clock.ts';
import type { Place, SessionRef } from './find-session.ts';
import type { RouterLimits } from './limits.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

export type WaitingLimits = Pick<RouterLimits, 'maxWaitingPerSession' | 'firstPollMs' | 'lastPollMs'>;

export interface WaitingListDeps {
  /** Undefined as long as the session is starting; throws when there is nothing to wait for. */
  readonly look: (session: SessionRef) => Promise<Place | undefined>;
  readonly clock: Clock;
  readonly readyWaitMs: number;
  readonly maxWaiting: number;
  readonly limits: WaitingLimits;
}

interface Waiter {
  readonly address: Promise<Place>;
  settle(outcome: Place | Error): void;
}

/** Who waits for sessions that are starting. All who wait for the same one share its reads. */
export function createWaitingList({ look, clock, readyWaitMs, maxWaiting, limits }: WaitingListDeps) {
  const bySession = new Map<string, Set<Waiter>>();
  let count = 0;

  /** Reads until nobody waits any more. */
  async function watch(session: SessionRef, waiters: Set<Waiter>): Promise<void> {
    let delayMs = limits.firstPollMs;
    while (waiters.size > 0) {
      await pause(clock, delayMs);
      delayMs = Math.min(delayMs * 2, limits.lastPollMs);
      const outcome = await look(session).catch((error: Error) => error);
      if (outcome !== undefined) for (const waiter of [...waiters]) waiter.settle(outcome);
    }
    bySession.delete(session.sessionId);
  }

  return {
    /** Throws a RefusedError, or the reason of `signal`, which ends the waiting. */
    join(session: SessionRef, signal: AbortSignal): Promise<Place> {
      const others = bySession.get(session.sessionId);
      if (count >= maxWaiting) throw new RefusedError(REFUSALS.tooManyWaiting);
      if ((others?.size ?? 0) >= limits.maxWaitingPerSession)
        throw new RefusedError(REFUSALS.tooManyForSession);
      const waiters = others ?? new Set<Waiter>();
      const waiter = createWaiter({ clock, readyWaitMs, signal }, () => {
        waiters.delete(waiter);
        count -= 1;
      });
      waiters.add(waiter);
      count += 1;
      if (others === undefined) {
        bySession.set(session.sessionId, waiters);
        void watch(session, waiters);
      }
      return waiter.address;
    },
    count: (): number => count,
  };
}

/** Settles once: by what is found, by its time-out or by `signal`. `onSettled` hears of it before anybody else. */
function createWaiter(
  { clock, readyWaitMs, signal }: Pick<WaitingListDeps, 'clock' | 'readyWaitMs'> & { signal: AbortSignal },
  onSettled: () => void,
): Waiter {
  const { promise: address, resolve, reject } = Promise.withResolvers<Place>();
  let isSettled = false;
  const settle = (outcome: Place | Error): void => {
    if (isSettled) return;
    isSettled = true;
    cancelTimeout();
    signal.removeEventListener('abort', onAbort);
    onSettled();
    if (outcome instanceof Error) reject(outcome);
    else resolve(outcome);
  };
  const cancelTimeout = clock.setTimer(readyWaitMs, () => settle(new RefusedError(REFUSALS.notReady)));
  const onAbort = () => settle(signal.reason);
  signal.addEventListener('abort', onAbort);
  return { address, settle };
}
