import type { EndReason } from '../../core/domain/end-reason.ts';
import type { Clock } from './clock.ts';

export interface DeadlineRules {
  readonly keepAlive: boolean;
  /** When the session times out, in ms since 1970. */
  readonly expiresAtMs: number;
  /** How long a ready session waits for its first client. */
  readonly connectDeadlineMs: number;
  /** How long a connected client may send nothing. */
  readonly idleTimeoutMs: number;
  /** How long a client that a restart on its way sent away is waited for. */
  readonly reconnectGraceMs: number;
}

export interface DeadlineEvents {
  onEnd(reason: EndReason): void;
  /** Only with keepAlive: the session stays, its silent sockets go. */
  onIdleClients(): void;
}

export interface Deadlines {
  /** From now on the clocks run: the session is ready. */
  start(): void;
  stop(): void;
  /** `leftByRestart`: who left now was sent away by something on the way that restarts, and told to come back. */
  clientsChanged(count: number, leftByRestart?: boolean): void;
  /** Called for every message of a client: it only notes the time. */
  noteActivity(): void;
  moveExpiry(expiresAtMs: number): void;
}

/** The clocks of a session: when it ends although nobody asked for it. */
export function createDeadlines(clock: Clock, rules: DeadlineRules, events: DeadlineEvents): Deadlines {
  const cancels = new Map<string, () => void>();
  let isRunning = false;
  let expiresAtMs = rules.expiresAtMs;
  let clientCount = 0;
  let hadClients = false;
  let lastActivityMs = 0;
  let awaitedCount = 0;
  let awaitedUntilMs = 0;

  const cancel = (name: string) => {
    cancels.get(name)?.();
    cancels.delete(name);
  };
  const arm = (name: string, delayMs: number, run: () => void) => {
    cancel(name);
    cancels.set(name, clock.setTimer(Math.max(0, delayMs), run));
  };
  const stop = () => {
    isRunning = false;
    for (const name of [...cancels.keys()]) cancel(name);
  };
  const end = (reason: EndReason) => {
    if (!isRunning) return;
    stop();
    events.onEnd(reason);
  };

  const armExpiry = () => arm('expiry', expiresAtMs - clock.now(), () => end('timed_out'));
  // Re-armed only when it fires: a busy socket must not pay for a timer with every message.
  const armIdle = () => arm('idle', lastActivityMs + rules.idleTimeoutMs - clock.now(), checkIdle);

  function checkIdle(): void {
    if (clock.now() < lastActivityMs + rules.idleTimeoutMs) armIdle();
    else if (rules.keepAlive) events.onIdleClients();
    else end('idle');
  }

  function applyClientCount(): void {
    if (clientCount > 0) {
      hadClients = true;
      cancel('connect');
      cancel('reconnect');
      if (!cancels.has('idle')) armIdle();
      return;
    }
    cancel('idle');
    if (hadClients && !rules.keepAlive) {
      const waitMs = awaitedUntilMs - clock.now();
      if (awaitedCount > 0 && waitMs > 0) arm('reconnect', waitMs, () => end('disconnected'));
      else end('disconnected');
    }
  }

  return {
    stop,
    start() {
      isRunning = true;
      lastActivityMs = clock.now();
      armExpiry();
      arm('connect', rules.connectDeadlineMs, () => end('never_connected'));
      applyClientCount();
    },
    clientsChanged(count, leftByRestart = false) {
      if (count > clientCount) {
        lastActivityMs = clock.now();
        awaitedCount = Math.max(0, awaitedCount - (count - clientCount));
      }
      if (leftByRestart) {
        awaitedCount += 1;
        awaitedUntilMs = clock.now() + rules.reconnectGraceMs;
      }
      clientCount = count;
      if (count > 0) hadClients = true;
      if (isRunning) applyClientCount();
    },
    noteActivity() {
      lastActivityMs = clock.now();
    },
    moveExpiry(newExpiresAtMs) {
      if (Number.isNaN(newExpiresAtMs) || newExpiresAtMs === expiresAtMs) return;
      expiresAtMs = newExpiresAtMs;
      if (isRunning) armExpiry();
    },
  };
}
