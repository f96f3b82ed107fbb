import type { Logger } from '../../../core/log/logger.ts';
import type { QueueSpec } from '../../../terraform/reader/infrastructure.ts';
import type { Message, Queue } from './queue.ts';

export interface QueuePumpOptions {
  readonly queue: Queue;
  readonly spec: Pick<QueueSpec, 'name' | 'batchSize' | 'maxReceives'>;
  readonly region: string;
  readonly accountId: string;
  /** Invokes the function and waits for its answer. */
  invoke(event: unknown): Promise<unknown>;
  readonly logger: Logger;
  /** So many batches at once. */
  readonly concurrency?: number;
}

const CONCURRENCY = 4;
const WAIT_MS = 20_000;

/** What Lambda's event source mapping does for a queue: batches at once, and what the function does not name is deleted. */
export class QueuePump {
  readonly #options: QueuePumpOptions;
  readonly #closing = new AbortController();
  readonly #loops: readonly Promise<void>[];

  constructor(options: QueuePumpOptions) {
    this.#options = options;
    const { concurrency = CONCURRENCY } = options;
    this.#loops = Array.from({ length: concurrency }, () => this.#work());
  }

  /** Resolves when nothing is under way any more. What was handed out can be received again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#loops);
  }

  async #work(): Promise<void> {
    const { queue, spec } = this.#options;
    while (!this.#closing.signal.aborted) {
      // Of this receive alone: a listener for each would be kept until the end otherwise.
      const gone = AbortSignal.any([this.#closing.signal]);
      const messages = await queue.receive({ max: spec.batchSize ?? 1, waitMs: WAIT_MS, gone });
      if (this.#closing.signal.aborted) return;
      const alive = messages.filter((message) => !this.#giveUp(message));
      if (alive.length > 0) await this.#handOver(alive);
    }
  }

  /** On AWS it is moved to the dead letters then. */
  #giveUp({ id, receipt = '', receiveCount }: Message): boolean {
    const { queue, spec, logger } = this.#options;
    if (spec.maxReceives === undefined || receiveCount <= spec.maxReceives) return false;
    logger.error('A message is given up', { queue: spec.name, messageId: id, receiveCount });
    queue.delete(receipt);
    return true;
  }

  async #handOver(messages: readonly Message[]): Promise<void> {
    const { queue, spec, logger } = this.#options;
    // A later receive gives another one.
    const receipts = new Map(messages.map(({ id, receipt = '' }) => [id, receipt]));
    try {
      const failed = failedOf(
        await this.#options.invoke({ Records: messages.map((each) => this.#toRecord(each)) }),
      );
      for (const [id, receipt] of receipts) if (!failed.has(id)) queue.delete(receipt);
    } catch (error) {
      logger.warn('The function of a queue failed', { queue: spec.name, error });
    }
  }

  #toRecord({ id, receipt, body, receiveCount, sentAtMs }: Message): object {
    const { spec, region, accountId } = this.#options;
    return {
      messageId: id,
      receiptHandle: receipt,
      body,
      attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(sentAtMs) },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${region}:${accountId}:${spec.name}`,
      awsRegion: region,
    };
  }
}

function failedOf(answer: unknown): ReadonlySet<string> {
  const { batchItemFailures = [] } = (answer ?? {}) as {
    readonly batchItemFailures?: readonly { readonly itemIdentifier: string }[];
  };
  return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
}
