import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import type { Logger } from '../../../core/log/logger.ts';
import { pause } from '../../processes/pause.ts';
import type { StreamReader } from './stream-reader.ts';
import { countProcessed, sequenceNumberOf, toLambdaRecord } from './stream-record.ts';

export interface StreamPump {
  /** Something was written. */
  wake(): void;
  /** Resolves when everything written so far has been handed over, or given up. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

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

/** What Lambda's event source mapping does: batches in order, one at a time, from the failed record again with back-off. */
export function startStreamPump(options: StreamPumpOptions): StreamPump {
  const { reader, logger, batchSize = 25, maxAttempts = 10 } = options;
  const { first, max } = options.retryDelayMs ?? { first: 100, max: 10_000 };
  const closing = new AbortController();
  let isDirty = true;
  let isBusy = false;
  let attempts = 0;
  let wakeLoop = (): void => {};
  const idleWaiters = new Set<() => void>();

  const sleepUntilWoken = async (): Promise<void> => {
    if (isDirty || closing.signal.aborted) return;
    isBusy = false;
    for (const resolve of idleWaiters) resolve();
    idleWaiters.clear();
    await new Promise<void>((resolve) => {
      const poll = options.pollMs === undefined ? undefined : setTimeout(resolve, options.pollMs);
      wakeLoop = () => {
        clearTimeout(poll);
        resolve();
      };
    });
    isDirty = true;
  };

  const deliver = async (records: readonly StreamRecord[]): Promise<number> => {
    try {
      const event = { Records: records.map((record) => toLambdaRecord(record, options.streamArn)) };
      return countProcessed(records, await options.invoke(event));
    } catch (error) {
      logger.warn('The stream function failed', { error, attempts });
      return 0;
    }
  };

  const handOver = async (records: readonly StreamRecord[]): Promise<void> => {
    const processed = await deliver(records);
    const last = records[processed - 1];
    if (last !== undefined) {
      reader.commit(sequenceNumberOf(last));
      attempts = 0;
    }
    if (processed === records.length) return;
    attempts += 1;
    const failed = records[processed];
    if (attempts >= maxAttempts && records.length === 1 && failed !== undefined) {
      logger.error('A stream record is given up', { sequenceNumber: sequenceNumberOf(failed), attempts });
      reader.commit(sequenceNumberOf(failed));
      attempts = 0;
      return;
    }
    await pause(Math.min(max, first * 2 ** (attempts - 1)), closing.signal);
  };

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      isDirty = false;
      isBusy = true;
      try {
        // After a failure one by one, so that it is the failing record that counts its attempts.
        const records = await reader.read(attempts === 0 ? batchSize : 1);
        if (records.length === 0) await sleepUntilWoken();
        else await handOver(records);
      } catch (error) {
        if (closing.signal.aborted) return;
        logger.error('The stream cannot be read', { error });
        await pause(max, closing.signal);
      }
    }
  };

  const running = run();
  const wake = (): void => {
    isDirty = true;
    wakeLoop();
  };
  return {
    wake,
    idle: () =>
      new Promise((resolve) => {
        if (!isDirty && !isBusy) return resolve();
        idleWaiters.add(resolve);
      }),
    async close() {
      closing.abort();
      wake();
      await running;
      for (const resolve of idleWaiters) resolve();
    },
  };
}
