import type { Clock } from '../../core/domain/clock.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import { type AwaitedClients, createAwaitedClients } from './awaited-clients.ts';
import { createTimers, type Timers } from './timers.ts';

export interface DeadlineRules {
  readonly keepAlive: boolean;
  /** When the session times out, in ms since 1970. */
  readonly expiresAtMs: number;
  /** How long a ready session waits for its first client. */
  readonly connectDeadlineMs: number;
  /** How long the clients may send nothing; null: for ever. */
  readonly idleTimeoutMs: number | null;
  /** How long a client that a restart on its way sent away is waited for. */
  readonly reconnectGraceMs: number;
}

export interface DeadlineEvents {
  onEnd(reason: EndReason, detail?: string): void;
}

type DeadlineName = 'expiry' | 'connect' | 'idle' | 'reconnect';

/** The clocks of a session: when it ends although nobody asked for it. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #rules: DeadlineRules;
  readonly #events: DeadlineEvents;
  readonly #timers: Timers<DeadlineName>;
  readonly #awaited: AwaitedClients;
  #isRunning = false;
  #expiresAtMs: number;
  #clientCount = 0;
  #hadClients = false;
  #lastActivityMs = 0;

  constructor(clock: Clock, rules: DeadlineRules, events: DeadlineEvents) {
    this.#clock = clock;
    this.#rules = rules;
    this.#events = events;
    this.#timers = createTimers(clock);
    this.#awaited = createAwaitedClients(clock, rules.reconnectGraceMs);
    this.#expiresAtMs = rules.expiresAtMs;
  }

  /** From now on the clocks run: the session is ready. */
  start(): void {
    this.#isRunning = true;
    this.#lastActivityMs = this.#clock.now();
    this.#armExpiry();
    this.#timers.arm('connect', this.#rules.connectDeadlineMs, () => this.#end('never_connected'));
    this.#applyClientCount();
  }

  stop(): void {
    this.#isRunning = false;
    this.#timers.cancelAll();
  }

  /** `mayComeBack`: who left now was sent away, or cut off, by something on the way that restarts. */
  clientsChanged(count: number, mayComeBack = false): void {
    if (count > this.#clientCount) {
      this.#lastActivityMs = this.#clock.now();
      this.#awaited.arrived(count - this.#clientCount);
    }
    if (mayComeBack) this.#awaited.sentAway();
    this.#clientCount = count;
    if (count > 0) this.#hadClients = true;
    if (this.#isRunning) this.#applyClientCount();
  }

  /** Called for every message of a client: it only notes the time. */
  noteActivity(): void {
    this.#lastActivityMs = this.#clock.now();
  }

  moveExpiry(expiresAtMs: number): void {
    if (Number.isNaN(expiresAtMs) || expiresAtMs === this.#expiresAtMs) return;
    this.#expiresAtMs = expiresAtMs;
    if (this.#isRunning) this.#armExpiry();
  }

  #armExpiry(): void {
    this.#timers.arm('expiry', this.#expiresAtMs - this.#clock.now(), () => this.#end('timed_out'));
  }

  // Re-armed only when it fires: a busy socket must not pay for a timer with every message.
  #armIdle(idleTimeoutMs: number): void {
    const leftMs = this.#lastActivityMs + idleTimeoutMs - this.#clock.now();
    this.#timers.arm('idle', leftMs, () => this.#checkIdle(idleTimeoutMs));
  }

  #checkIdle(idleTimeoutMs: number): void {
    if (this.#clock.now() < this.#lastActivityMs + idleTimeoutMs) this.#armIdle(idleTimeoutMs);
    else this.#end('idle', `No client sent a command for ${idleTimeoutMs / 1000} s`);
  }

  #applyClientCount(): void {
    if (this.#clientCount > 0) {
      this.#hadClients = true;
      this.#timers.cancel('connect');
      this.#timers.cancel('reconnect');
      this.#watchIdle();
      return;
    }
    if (!this.#hadClients) return;
    // With nobody there a session that is kept alive is idle, too.
    if (this.#rules.keepAlive) this.#watchIdle();
    else {
      this.#timers.cancel('idle');
      this.#endUnlessAwaited();
    }
  }

  #watchIdle(): void {
    const { idleTimeoutMs } = this.#rules;
    if (idleTimeoutMs !== null && !this.#timers.isArmed('idle')) this.#armIdle(idleTimeoutMs);
  }

  #endUnlessAwaited(): void {
    const waitMs = this.#awaited.waitMs();
    if (waitMs > 0) this.#timers.arm('reconnect', waitMs, () => this.#end('disconnected'));
    else this.#end('disconnected');
  }

  #end(reason: EndReason, detail?: string): void {
    if (!this.#isRunning) return;
    this.stop();
    this.#events.onEnd(reason, detail);
  }
}
