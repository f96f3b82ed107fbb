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
  readonly batchSize?: number | undefined;
  /** A batch that is not full waits so long for more. */
  readonly batchingWindowMs?: number | undefined;
  /** A record that has failed this often is given up, so that it does not hold up the others for ever. */
  readonly maxAttempts?: number;
  readonly retryDelayMs?: { readonly first: number; readonly max: number };
  /** For a backend that others may write to behind our back: looks by itself this often. */
  readonly pollMs?: number | undefined;
}

const DEFAULTS = { maxAttempts: 10, retryDelayMs: { first: 100, max: 10_000 } };
const BATCH_SIZE = 25;

/** What Lambda's event source mapping does: batches in order, one at a time, from the failed record again with back-off. */
export class StreamPump {
  readonly #options: StreamPumpOptions & typeof DEFAULTS;
  readonly #closing = new AbortController();
  readonly #poll: NodeJS.Timeout | undefined;
  /** Something may have been written since the stream was last read to its end. */
  #isDirty = false;
  #draining: Promise<void> | undefined;
  #failedAttempts = 0;

  constructor(options: StreamPumpOptions) {
    this.#options = { ...DEFAULTS, ...options };
    if (options.pollMs !== undefined) this.#poll = setInterval(() => this.wake(), options.pollMs);
    this.wake();
  }

  /** Something was written. */
  wake(): void {
    this.#isDirty = true;
    this.#draining ??= this.#drain();
  }

  /** Resolves when everything written so far has been handed over, or given up. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  async close(): Promise<void> {
    clearInterval(this.#poll);
    this.#closing.abort();
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#isDirty && !this.#closing.signal.aborted) {
      this.#isDirty = false;
      if (await this.#handOverNext()) this.#isDirty = true;
    }
    this.#draining = undefined;
  }

  /** False when nothing is left to hand over that was there when it was read. */
  async #handOverNext(): Promise<boolean> {
    const { logger, retryDelayMs, reader } = this.#options;
    try {
      const records = await this.#readBatch();
      const mayHaveMore = reader.mayHaveMore();
      const isDone = records.length === 0 || (await this.#handOver(records));
      return mayHaveMore || !isDone;
    } catch (error) {
      if (!this.#closing.signal.aborted) logger.error('The stream cannot be read', { error });
      await pause(retryDelayMs.max, this.#closing.signal);
      return true;
    }
  }

  async #readBatch(): Promise<readonly StreamRecord[]> {
    const { reader, batchSize = BATCH_SIZE, batchingWindowMs = 0 } = this.#options;
    // After a failure one by one, so that it is the failing record that counts its attempts.
    if (this.#failedAttempts > 0) return reader.read(1);
    const records = await reader.read(batchSize);
    if (records.length === 0 || records.length >= batchSize || batchingWindowMs === 0) return records;
    await pause(batchingWindowMs, this.#closing.signal);
    return reader.read(batchSize);
  }

  /** False when there is one among them that is to be handed over again. */
  async #handOver(records: readonly StreamRecord[]): Promise<boolean> {
    const { logger, maxAttempts, retryDelayMs } = this.#options;
    const processed = await this.#deliver(records);
    this.#commit(records[processed - 1]);
    const failed = records[processed];
    if (failed === undefined) return true;
    this.#failedAttempts += 1;
    if (this.#failedAttempts >= maxAttempts && records.length === 1) {
      const sequenceNumber = sequenceNumberOf(failed);
      logger.error('A stream record is given up', { sequenceNumber, attempts: this.#failedAttempts });
      this.#commit(failed);
      return false;
    }
    const delayMs = retryDelayMs.first * 2 ** (this.#failedAttempts - 1);
    await pause(Math.min(retryDelayMs.max, delayMs), this.#closing.signal);
    return false;
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
