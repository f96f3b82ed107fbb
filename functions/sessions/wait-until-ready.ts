import type { Session } from '../../core/domain/session.ts';
import { READY_SIGNAL } from '../../core/domain/timing.ts';

export interface WaitDeps {
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
  { getSession, receiveSignal, onSignalFault }: WaitDeps,
  sessionId: string,
  timeoutMs: number,
): Promise<Session | undefined> {
  const stop = new AbortController();
  const deadline = Date.now() + timeoutMs;
  const bell = createBell();
  const listening = receiveSignal(sessionId, stop.signal).then(bell.ring, onSignalFault);
  try {
    let session = await getSession(sessionId);
    while (isStarting(session) && Date.now() < deadline) {
      await bell.wait(Math.min(READY_SIGNAL.readEveryMs, deadline - Date.now()));
      session = await getSession(sessionId);
    }
    return session;
  } finally {
    stop.abort();
    await listening;
  }
}

/** Wakes the next `wait` at once, or the one that is under way. A ring between two waits is not lost. */
function createBell() {
  let rung = false;
  let wake = () => {};
  return {
    ring: () => {
      rung = true;
      wake();
    },
    wait: async (timeoutMs: number) => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, timeoutMs));
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
    },
  };
}

const isStarting = (session: Session | undefined): boolean =>
  session !== undefined && ['CREATING', 'PROVISIONING', 'STARTING'].includes(session.status);
