import type { Clock } from '../../core/domain/clock.ts';
import {
  type ContainerEventType,
  cutEventData,
  EVENT_LIMITS,
  type EventData,
  type NewEvent,
} from '../../core/domain/session-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import { CallRefusedError, type ContainerApi } from '../container-api/container-api.ts';
import { createEventBudget, type EventBudget } from './event-budget.ts';
import { REPORT_LIMITS } from './limits.ts';

/** Tells that something happened. Never fails and waits for nothing. */
export type Emit = <Type extends ContainerEventType>(type: Type, data: EventData<Type>) => void;

export interface EventReporter {
  readonly emit: Emit;
  /** From here on events are sent; those before have waited. */
  start(): void;
  /** Sends what is left, for a bounded time, and nothing after it. */
  finish(): Promise<void>;
}

export interface EventReporterDeps {
  readonly api: Pick<ContainerApi, 'reportEvents'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Sends a session's events to the platform, gathered, in order, and each until it is heard. */
export function createEventReporter(deps: EventReporterDeps): EventReporter {
  const reporter = new Reporter(deps);
  return {
    emit: (type, data) => reporter.emit(type, data),
    start: () => reporter.start(),
    finish: () => reporter.finish(),
  };
}

class Reporter {
  readonly #deps: EventReporterDeps;
  readonly #budget: EventBudget = createEventBudget();
  readonly #waiting: NewEvent[] = [];
  readonly #stopping = new AbortController();
  #sending: Promise<void> | undefined;
  #isStarted = false;
  #lost = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(deps: EventReporterDeps) {
    this.#deps = deps;
  }

  emit<Type extends ContainerEventType>(type: Type, data: EventData<Type>): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#waiting.length >= REPORT_LIMITS.maxWaiting) {
      this.#lost += 1;
      return;
    }
    const at = new Date(this.#deps.clock.now()).toISOString();
    for (const admitted of this.#budget.admit(type, cutEventData(type, data)))
      this.#waiting.push({ at, ...admitted });
    this.#schedule(REPORT_LIMITS.gatherMs);
  }

  start(): void {
    this.#isStarted = true;
    this.#schedule(REPORT_LIMITS.gatherMs);
  }

  async finish(): Promise<void> {
    this.#isStarted = false;
    this.#cancelTimer?.();
    const sent = (this.#sending ?? Promise.resolve()).then(() => this.#sendAll());
    const left = sent.then(() => this.#waiting.length);
    if ((await withTimeout(left, REPORT_LIMITS.lastMs)) !== 0)
      this.#deps.logger.warn('events were not told', { count: this.#waiting.length });
    this.#stopping.abort();
  }

  #schedule(delayMs: number): void {
    const isIdle = this.#cancelTimer === undefined && this.#sending === undefined;
    if (!this.#isStarted || !isIdle || this.#waiting.length === 0) return;
    this.#cancelTimer = this.#deps.clock.setTimer(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#sending = this.#sendAll().then((isSent) => {
        this.#sending = undefined;
        this.#schedule(isSent ? REPORT_LIMITS.gatherMs : REPORT_LIMITS.againMs);
      });
    });
  }

  /** False when the platform did not take them. */
  async #sendAll(): Promise<boolean> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, EVENT_LIMITS.maxBatch);
      if (!(await this.#send(batch))) return false;
      this.#waiting.splice(0, batch.length);
      this.#tellLost();
    }
    return true;
  }

  async #send(batch: readonly NewEvent[]): Promise<boolean> {
    try {
      await this.#deps.api.reportEvents(batch, { signal: this.#stopping.signal });
      return true;
    } catch (error) {
      this.#deps.logger.warn('events could not be told', { count: batch.length, error });
      // They would be refused again, and those behind them would wait.
      return error instanceof CallRefusedError;
    }
  }

  #tellLost(): void {
    const count = this.#lost;
    this.#lost = 0;
    if (count > 0) this.emit('events.lost', { count });
  }
}
