import { promisify } from 'node:util';
import type { Clock } from '../../core/domain/clock.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import { LOG_LIMITS, type LogLimits } from './limits.ts';
import type { Segment } from './segment-buffer.ts';

/** Stores one compressed segment; rejects with a RequestFailedError where another try may help. */
export type PutSegment = (sequence: number, body: Buffer, signal: AbortSignal) => Promise<void>;

export interface SegmentStoreDeps {
  readonly put: PutSegment;
  readonly clock: Clock;
  readonly logger: Logger;
  /** So many rows are lost: nobody will find them. */
  onLost(rowCount: number, why: string): void;
  readonly isWorthARetry: (error: unknown) => boolean;
  readonly limits?: LogLimits;
}

interface Waiting {
  readonly sequence: number;
  readonly body: Buffer;
  readonly rowCount: number;
}

/**
 * Compresses segments beside the event loop and stores them one after the other. While the store is down they wait, as far
 * as there is room; what finds none is lost, and said to be.
 */
export class SegmentStore {
  readonly #deps: SegmentStoreDeps;
  readonly #limits: LogLimits;
  readonly #waiting: Waiting[] = [];
  readonly #abandoned = new AbortController();
  #waitingBytes = 0;
  #sequence = 0;
  #compressing: Promise<void> = Promise.resolve();
  #storing: Promise<void> | undefined;
  #isHurried = false;
  #endPause = () => {};

  constructor(deps: SegmentStoreDeps) {
    this.#deps = deps;
    this.#limits = deps.limits ?? LOG_LIMITS;
  }

  add({ text, rowCount }: Segment): void {
    this.#compressing = this.#compressing
      .then(async () => this.#enqueue(await compress(text), rowCount))
      .catch((error: Error) => this.#lose(rowCount, error.message));
  }

  /** Stores what there is, until `signal` aborts. What is left then is lost. */
  async flush(signal: AbortSignal): Promise<void> {
    this.#isHurried = true;
    this.#endPause();
    const abandon = () => {
      this.#abandoned.abort();
      this.#endPause();
    };
    signal.addEventListener('abort', abandon, { once: true });
    if (signal.aborted) abandon();
    await this.#compressing;
    await this.#storing;
    signal.removeEventListener('abort', abandon);
  }

  #enqueue(body: Buffer, rowCount: number): void {
    if (this.#waitingBytes + body.length > this.#limits.waitingBytes)
      this.#lose(rowCount, 'too much waits for the store already');
    else {
      this.#waiting.push({ sequence: this.#sequence++, body, rowCount });
      this.#waitingBytes += body.length;
      this.#storing ??= this.#storeAll();
    }
  }

  async #storeAll(): Promise<void> {
    for (let segment = this.#waiting[0]; segment !== undefined; segment = this.#waiting[0]) {
      await this.#storeOne(segment);
      this.#waiting.shift();
      this.#waitingBytes -= segment.body.length;
    }
    this.#storing = undefined;
  }

  async #storeOne({ sequence, body, rowCount }: Waiting): Promise<void> {
    const { put, logger, isWorthARetry } = this.#deps;
    const { signal } = this.#abandoned;
    for (let failures = 0; ; failures += 1) {
      try {
        signal.throwIfAborted();
        return await put(sequence, body, signal);
      } catch (error) {
        if (signal.aborted) return this.#lose(rowCount, 'there was no more time');
        if (!isWorthARetry(error)) return this.#lose(rowCount, (error as Error).message);
        if (failures === 0) logger.warn('the session log waits for its store', { error, sequence });
        await this.#pause(failures);
      }
    }
  }

  #pause(failures: number): Promise<void> {
    const { retriesAfterMs, hurriedRetryMs } = this.#limits;
    const usualMs = retriesAfterMs[Math.min(failures, retriesAfterMs.length - 1)] as number;
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.setTimer(this.#isHurried ? hurriedRetryMs : usualMs, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }

  #lose(rowCount: number, why: string): void {
    logEvent(this.#deps.logger, 'log.lost', { outcome: 'lost', rowCount, why });
    this.#deps.onLost(rowCount, why);
  }
}

/** Loaded only here: a session that ends before its first segment does so without it. */
async function compress(text: string): Promise<Buffer> {
  const { gzip } = await import('node:zlib');
  return promisify(gzip)(text);
}
