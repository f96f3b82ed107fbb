import type { Clock } from '../../core/domain/clock.ts';
import { HEARTBEAT } from '../../core/domain/timing.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { ContainerApi, PlatformView } from '../container-api/container-api.ts';

export interface Heartbeat {
  start(): void;
  /** Beats at once: the number of clients changed. */
  beatNow(): void;
  stop(): void;
}

export interface HeartbeatEvents {
  onView(view: PlatformView): void;
  onSilence(silentMs: number): void;
}

export interface HeartbeatDeps {
  readonly api: Pick<ContainerApi, 'reportHeartbeat'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly countClients: () => number;
  /** Through the session's proxies so far; undefined where it has none. */
  readonly proxyBytes?: () => number | undefined;
}

/** Tells the platform that this container lives, and learns from the answers when it should not. */
export const createHeartbeat = (
  deps: HeartbeatDeps,
  { intervalMs }: { readonly intervalMs: number },
  events: HeartbeatEvents,
): Heartbeat => new Beats(deps, intervalMs, events);

class Beats implements Heartbeat {
  readonly #deps: HeartbeatDeps;
  readonly #intervalMs: number;
  readonly #events: HeartbeatEvents;
  readonly #stopping = new AbortController();
  #isRunning = false;
  #isBeating = false;
  #isAnotherDue = false;
  #lastAnswerMs = 0;
  #cancelTimer = () => {};

  constructor(deps: HeartbeatDeps, intervalMs: number, events: HeartbeatEvents) {
    this.#deps = deps;
    this.#intervalMs = intervalMs;
    this.#events = events;
  }

  start(): void {
    this.#isRunning = true;
    this.#lastAnswerMs = this.#deps.clock.now();
    this.#schedule();
  }

  beatNow(): void {
    if (!this.#isRunning) return;
    if (this.#isBeating) this.#isAnotherDue = true;
    else void this.#beat();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelTimer();
    this.#stopping.abort();
  }

  async #beat(): Promise<void> {
    const { api, clock, countClients, proxyBytes } = this.#deps;
    this.#cancelTimer();
    this.#isBeating = true;
    this.#isAnotherDue = false;
    try {
      // No retries within a beat: the next beat is the retry.
      const options = { signal: this.#stopping.signal, timeoutMs: HEARTBEAT.answerMs, backoff: [] };
      const view = await api.reportHeartbeat(countClients(), { ...options, proxyBytes: proxyBytes?.() });
      this.#lastAnswerMs = clock.now();
      if (this.#isRunning) this.#events.onView(view);
    } catch (error) {
      if (this.#isRunning) this.#noteFailure(error);
    }
    this.#isBeating = false;
    if (this.#isRunning) this.#schedule();
  }

  #noteFailure(error: unknown): void {
    const silentMs = this.#deps.clock.now() - this.#lastAnswerMs;
    logEvent(this.#deps.logger, 'heartbeat.lost', { outcome: 'lost', durationMs: silentMs, error });
    if (silentMs >= HEARTBEAT.silenceMs) this.#events.onSilence(silentMs);
  }

  #schedule(): void {
    if (this.#isAnotherDue) void this.#beat();
    else this.#cancelTimer = this.#deps.clock.setTimer(this.#intervalMs, () => void this.#beat());
  }
}
