import type { Clock } from '../../core/domain/clock.ts';
import type { Session } from '../../core/domain/session.ts';
import { READY_SIGNAL } from '../../core/domain/timing.ts';
import { createBell } from './create-bell.ts';

export interface WaitDeps {
  readonly clock: Clock;
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  /** Resolves when the ready queue names the session, or when `signal` aborts. */
  readonly receiveSignal: (sessionId: string, signal: AbortSignal) => Promise<void>;
  readonly onSignalFault: (error: unknown) => void;
}

/**
 * Waits until a session is past its start (READY, or ended), or `timeoutMs` has passed, and returns it as it is then.
 *
 * The signal makes it fast and the read every second makes it certain: signals can be lost, late, or taken by another
 * waiter, and a queue that fails only costs speed.
 */
export async function waitUntilReady(
  { clock, getSession, receiveSignal, onSignalFault }: WaitDeps,
  sessionId: string,
  timeoutMs: number,
): Promise<Session | undefined> {
  const stop = new AbortController();
  const deadlineMs = clock.now() + timeoutMs;
  const bell = createBell(clock);
  const listening = receiveSignal(sessionId, stop.signal).then(bell.ring, onSignalFault);
  try {
    let session = await getSession(sessionId);
    while (isStarting(session) && clock.now() < deadlineMs) {
      await bell.wait(Math.min(READY_SIGNAL.readEveryMs, deadlineMs - clock.now()));
      session = await getSession(sessionId);
    }
    return session;
  } finally {
    stop.abort();
    await listening;
  }
}

const isStarting = (session: Session | undefined): boolean =>
  session !== undefined && ['CREATING', 'PROVISIONING', 'STARTING'].includes(session.status);
