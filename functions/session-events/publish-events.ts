import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { type EventItem, toSessionEvent } from '../../core/aws/events/session-events-table.ts';
import { EVENT_TYPES, type SessionEvent } from '../../core/domain/session-event.ts';
import type { Logger } from '../../core/log/logger.ts';

export interface PublishEventsDeps {
  readonly logger: Logger;
  readonly maxEntries: number;
  readonly putSessionEvents: (
    events: readonly SessionEvent[],
  ) => Promise<{ readonly taken: number; readonly fault?: string }>;
}

interface Stored {
  readonly itemIdentifier: string;
  readonly event: SessionEvent;
}

/**
 * The session-events table's stream, in order, to the event bus: what is stored is told, at least once. From the first
 * that the bus does not take the batch is handed back.
 */
export const publishEvents =
  ({ logger, maxEntries, putSessionEvents }: PublishEventsDeps) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const stored = Records.flatMap(storedIn);
    for (let from = 0; from < stored.length; from += maxEntries) {
      const batch = stored.slice(from, from + maxEntries);
      const { taken, fault } = await putSessionEvents(batch.map(({ event }) => event)).catch(
        (error: unknown) => ({ taken: 0, fault: error }),
      );
      const refused = batch[taken];
      if (refused === undefined) continue;
      const { itemIdentifier } = refused;
      logger.error('event not told; the stream is read again from here', { itemIdentifier, error: fault });
      return { batchItemFailures: [{ itemIdentifier }] };
    }
    return { batchItemFailures: [] };
  };

/** An item is written once. What else the stream has is the end of its time. */
function storedIn({ eventName, dynamodb }: DynamoDBRecord): readonly Stored[] {
  if (eventName !== 'INSERT' || dynamodb?.NewImage === undefined) return [];
  const item = unmarshall(dynamodb.NewImage as Record<string, AttributeValue>) as EventItem;
  // Of a later version that was here, and is not any more.
  if (!Object.hasOwn(EVENT_TYPES, item.type)) return [];
  return [{ itemIdentifier: dynamodb.SequenceNumber ?? '', event: toSessionEvent(item) }];
}
