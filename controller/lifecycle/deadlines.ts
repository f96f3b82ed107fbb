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
  #armIdle(): void {
    this.#timers.arm('idle', this.#idleAtMs() - this.#clock.now(), () => this.#checkIdle());
  }

  #checkIdle(): void {
    if (this.#clock.now() < this.#idleAtMs()) this.#armIdle();
    else if (this.#rules.keepAlive) this.#events.onIdleClients();
    else this.#end('idle');
  }

  #idleAtMs(): number {
    return this.#lastActivityMs + this.#rules.idleTimeoutMs;
  }

  #applyClientCount(): void {
    if (this.#clientCount > 0) {
      this.#hadClients = true;
      this.#timers.cancel('connect');
      this.#timers.cancel('reconnect');
      if (!this.#timers.isArmed('idle')) this.#armIdle();
      return;
    }
    this.#timers.cancel('idle');
    if (this.#hadClients && !this.#rules.keepAlive) this.#endUnlessAwaited();
  }

  #endUnlessAwaited(): void {
    const waitMs = this.#awaited.waitMs();
    if (waitMs > 0) this.#timers.arm('reconnect', waitMs, () => this.#end('disconnected'));
    else this.#end('disconnected');
  }

  #end(reason: EndReason): void {
    if (!this.#isRunning) return;
    this.stop();
    this.#events.onEnd(reason);
  }
}
