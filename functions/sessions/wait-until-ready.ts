import type { Clock } from '../../core/domain/clock.ts';
import type { Session } from '../../core/domain/session.ts';
import { READY_SIGNAL } from '../../core/domain/timing.ts';
import { createBell } from './create-bell.ts';

/** Looks at the session that is waited for. `isSignalled`: it has just been told to be READY, or to have ended. */
export type LookAtSession = (isSignalled: boolean) => Promise<Session | undefined>;

export interface Wait {
  readonly sessionId: string;
  readonly timeoutMs: number;
  readonly look: LookAtSession;
  /** The session as it is known to be: then the first look is at the first signal, or a second later. */
  readonly known?: Session;
}

export interface WaitDeps {
  readonly clock: Clock;
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
  { clock, receiveSignal, onSignalFault }: WaitDeps,
  { sessionId, timeoutMs, look, known }: Wait,
): Promise<Session | undefined> {
  const stop = new AbortController();
  const deadlineMs = clock.now() + timeoutMs;
  const bell = createBell(clock);
  const listening = receiveSignal(sessionId, stop.signal).then(bell.ring, onSignalFault);
  try {
    let session = known ?? (await look(false));
    while (isStarting(session) && clock.now() < deadlineMs) {
      session = await look(await bell.wait(Math.min(READY_SIGNAL.readEveryMs, deadlineMs - clock.now())));
    }
    return session;
  } finally {
    stop.abort();
    await listening;
  }
}

export const isStarting = (session: Session | undefined): boolean =>
  session !== undefined && ['CREATING', 'STARTING'].includes(session.status);
