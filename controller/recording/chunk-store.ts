import type { Clock } from '../../core/domain/clock.ts';
import { RECORDING, type RecordingIndex } from '../../core/domain/recording.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import { RECORDER_LIMITS, type RecorderLimits } from './limits.ts';
import type { PageFilm, ReadyChunk } from './page-film.ts';

export interface ChunkStoreDeps {
  /** Each rejects where another try may help with what `isWorthARetry` says so of. */
  readonly putChunk: (page: number, number: number, body: Buffer, signal: AbortSignal) => Promise<void>;
  readonly putIndex: (page: number, body: Buffer, signal: AbortSignal) => Promise<void>;
  readonly isWorthARetry: (error: unknown) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  onLost(bytes: number, reason: string): void;
  readonly limits?: Pick<RecorderLimits, 'waitingBytes' | 'retriesAfterMs' | 'hurriedRetryMs'>;
}

interface Waiting {
  readonly film: PageFilm;
  readonly chunk: ReadyChunk;
}

/**
 * Stores chunks one after the other, and after each the index of its page: what is in the index is in the store. While that is
 * down they wait, as far as there is room; then the oldest is lost, and said to be.
 */
export class ChunkStore {
  readonly #deps: ChunkStoreDeps;
  readonly #waiting: Waiting[] = [];
  readonly #abandoned = new AbortController();
  #storing: Promise<void> | undefined;
  #isHurried = false;
  #endPause = () => {};

  constructor(deps: ChunkStoreDeps) {
    this.#deps = deps;
  }

  add(film: PageFilm, chunk: ReadyChunk): void {
    const { waitingBytes } = this.#deps.limits ?? RECORDER_LIMITS;
    const bytes = this.#waiting.reduce((sum, { chunk: { body } }) => sum + body.length, chunk.body.length);
    this.#waiting.push({ film, chunk });
    // The first one is on its way already.
    if (bytes > waitingBytes && this.#waiting.length > 2) {
      const [oldest] = this.#waiting.splice(1, 1);
      this.#lose(oldest, 'too much waits for the store already');
    }
    this.#storing ??= this.#storeAll();
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
    await this.#storing;
    signal.removeEventListener('abort', abandon);
  }

  async #storeAll(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      await this.#storeOne(next);
      this.#waiting.shift();
    }
    this.#storing = undefined;
  }

  async #storeOne(waiting: Waiting): Promise<void> {
    const { logger, isWorthARetry } = this.#deps;
    const { signal } = this.#abandoned;
    for (let failures = 0; ; failures += 1) {
      try {
        signal.throwIfAborted();
        return await this.#put(waiting, signal);
      } catch (error) {
        if (signal.aborted) return this.#lose(waiting, 'there was no more time');
        if (!isWorthARetry(error)) return this.#lose(waiting, (error as Error).message);
        if (failures === 0)
          logger.warn('the recording waits for its store', { error, page: waiting.film.page });
        await this.#pause(failures);
      }
    }
  }

  /** A chunk that is stored already, and its index is not, is not stored again. */
  async #put({ film, chunk }: Waiting, signal: AbortSignal): Promise<void> {
    const { putChunk, putIndex } = this.#deps;
    const { body, ...described } = chunk;
    if (film.stored.at(-1)?.number !== chunk.number) {
      await putChunk(film.page, chunk.number, body, signal);
      film.stored.push(described);
    }
    await putIndex(film.page, indexOf(film), signal);
  }

  #pause(failures: number): Promise<void> {
    const { retriesAfterMs, hurriedRetryMs } = this.#deps.limits ?? RECORDER_LIMITS;
    const usualMs = retriesAfterMs[Math.min(failures, retriesAfterMs.length - 1)] as number;
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.setTimer(this.#isHurried ? hurriedRetryMs : usualMs, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }

  #lose(lost: Waiting | undefined, reason: string): void {
    const bytes = lost?.chunk.body.length ?? 0;
    const page = lost?.film.page;
    logEvent(this.#deps.logger, 'recording.lost', { outcome: 'lost', bytes, page, reason });
    this.#deps.onLost(bytes, reason);
  }
}

function indexOf({ url, stopped, stored }: PageFilm): Buffer {
  const index: RecordingIndex = {
    version: RECORDING.version,
    url,
    ...(stopped === undefined ? {} : { stopped }),
    chunks: stored,
  };
  return Buffer.from(JSON.stringify(index));
}
