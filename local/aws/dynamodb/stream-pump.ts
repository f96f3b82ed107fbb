import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import type { Logger } from '../../../core/log/logger.ts';
import { pause } from '../../processes/pause.ts';
import type { StreamReader } from './stream-reader.ts';
import { countProcessed, sequenceNumberOf, toLambdaRecord } from './stream-record.ts';

export interface StreamPumpOptions {
  readonly reader: StreamReader;
  readonly streamArn: string;
  /** Invokes the target and waits for its answer. */
  invoke(event: unknown): Promise<unknown>;
  readonly logger: Logger;
  readonly batchSize?: number;
  /** A record that has failed this often is given up, so that it does not hold up the others for ever. */
  readonly maxAttempts?: number;
  readonly retryDelayMs?: { readonly first: number; readonly max: number };
  /** For a backend that others may write to behind our back: looks by itself this often. */
  readonly pollMs?: number;
}

const BATCH_SIZE = 25;
const MAX_ATTEMPTS = 10;
const RETRY_DELAY_MS = { first: 100, max: 10_000 };

/** What Lambda's event source mapping does: batches in order, one at a time, from the failed record again with back-off. */
export class StreamPump {
  readonly #options: StreamPumpOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  readonly #idleWaiters = new Set<() => void>();
  /** Something may have been written since the stream was read to its end. */
  #isDirty = true;
  #isBusy = false;
  #failedAttempts = 0;
  #wakeLoop = (): void => {};

  constructor(options: StreamPumpOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Something was written. */
  wake(): void {
    this.#isDirty = true;
    this.#wakeLoop();
  }

  /** Resolves when everything written so far has been handed over, or given up. */
  async idle(): Promise<void> {
    if (!this.#isDirty && !this.#isBusy) return;
    await new Promise<void>((resolve) => this.#idleWaiters.add(resolve));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.wake();
    await this.#running;
    this.#releaseIdleWaiters();
  }

  async #run(): Promise<void> {
    const { reader, logger, batchSize = BATCH_SIZE, retryDelayMs: { max } = RETRY_DELAY_MS } = this.#options;
    while (!this.#closing.signal.aborted) {
      this.#isDirty = false;
      this.#isBusy = true;
      try {
        // After a failure one by one, so that it is the failing record that counts its attempts.
        const records = await reader.read(this.#failedAttempts === 0 ? batchSize : 1);
        if (records.length === 0) await this.#sleepUntilWoken();
        else await this.#handOver(records);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        logger.error('The stream cannot be read', { error });
        await pause(max, this.#closing.signal);
      }
    }
  }

  async #sleepUntilWoken(): Promise<void> {
    if (this.#isDirty || this.#closing.signal.aborted) return;
    this.#isBusy = false;
    this.#releaseIdleWaiters();
    const { pollMs } = this.#options;
    await new Promise<void>((resolve) => {
      const poll = pollMs === undefined ? undefined : setTimeout(resolve, pollMs);
      this.#wakeLoop = () => {
        clearTimeout(poll);
        resolve();
      };
    });
  }

  #releaseIdleWaiters(): void {
    for (const resolve of this.#idleWaiters) resolve();
    this.#idleWaiters.clear();
  }

  async #handOver(records: readonly StreamRecord[]): Promise<void> {
    const {
      logger,
      maxAttempts = MAX_ATTEMPTS,
      retryDelayMs: { first, max } = RETRY_DELAY_MS,
    } = this.#options;
    const processed = await this.#deliver(records);
    this.#commit(records[processed - 1]);
    const failed = records[processed];
    if (failed === undefined) return;
    this.#failedAttempts += 1;
    if (this.#failedAttempts >= maxAttempts && records.length === 1) {
      const sequenceNumber = sequenceNumberOf(failed);
      logger.error('A stream record is given up', { sequenceNumber, attempts: this.#failedAttempts });
      this.#commit(failed);
      return;
    }
    await pause(Math.min(max, first * 2 ** (this.#failedAttempts - 1)), this.#closing.signal);
  }

  /** How many of the records, from the first on, are done with. */
  async #deliver(records: readonly StreamRecord[]): Promise<number> {
    const { invoke, streamArn, logger } = this.#options;
    try {
      const event = { Records: records.map((record) => toLambdaRecord(record, streamArn)) };
      return countProcessed(records, await invoke(event));
    } catch (error) {
      logger.warn('The stream function failed', { error, attempts: this.#failedAttempts });
      return 0;
    }
  }

  #commit(last: StreamRecord | undefined): void {
    if (last === undefined) return;
    this.#options.reader.commit(sequenceNumberOf(last));
    this.#failedAttempts = 0;
  }
}
