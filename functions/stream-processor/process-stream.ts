import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { EventOwner, Told } from '../../core/aws/events/append-events.ts';
import type { LifecycleEvent } from '../../core/aws/signals/put-lifecycle-event.ts';
import type { Session } from '../../core/domain/session.ts';
import type { Logger } from '../../core/log/logger.ts';
import { type Consequences, decide } from './decide.ts';
import { logStep } from './log-step.ts';

export interface StreamProcessorDeps {
  readonly logger: Logger;
  readonly publishReadySignal: (signal: NonNullable<Consequences['signal']>) => Promise<void>;
  readonly putLifecycleEvent: (event: LifecycleEvent) => Promise<void>;
  readonly appendEvents: (owner: EventOwner, told: readonly Told[]) => Promise<void>;
}

/**
 * The sessions table's stream, in order. Signals of a batch go out first and together, because creates wait for them.
 * At the first record that fails the batch is handed back from there on, so that nothing is lost and order is kept.
 */
export const processStream =
  (deps: StreamProcessorDeps) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const { logger, publishReadySignal } = deps;
    const changes = Records.map((record) => {
      const [before, after] = imagesOf(record);
      return { record, before, after, consequences: decide(before, after) };
    });
    const signalled = await Promise.allSettled(
      changes.map(({ consequences: { signal } }) => signal && publishReadySignal(signal)),
    );
    for (const [index, { record, before, after, consequences }] of changes.entries()) {
      try {
        const signal = signalled[index];
        if (signal?.status === 'rejected') throw signal.reason;
        await tell(deps, consequences);
        if (after !== undefined && consequences.event !== undefined) logStep(logger, before, after);
      } catch (error) {
        const itemIdentifier = record.dynamodb?.SequenceNumber ?? '';
        logger.error('record not processed; the stream is read again from here', { itemIdentifier, error });
        return { batchItemFailures: [{ itemIdentifier }] };
      }
    }
    return { batchItemFailures: [] };
  };

/** Beside each other: each of them may be done twice. */
async function tell(
  { putLifecycleEvent, appendEvents }: StreamProcessorDeps,
  { event, happened }: Consequences,
): Promise<void> {
  if (event === undefined) return;
  await Promise.all([
    putLifecycleEvent(event),
    happened.length > 0 && appendEvents(event, [{ by: 'platform', events: happened }]),
  ]);
}

function imagesOf({ dynamodb }: DynamoDBRecord): [before: Session | undefined, after: Session | undefined] {
  return [toSession(dynamodb?.OldImage), toSession(dynamodb?.NewImage)];
}

const toSession = (image: NonNullable<DynamoDBRecord['dynamodb']>['NewImage']): Session | undefined =>
  image === undefined ? undefined : (unmarshall(image as Record<string, AttributeValue>) as Session);
