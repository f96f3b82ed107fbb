import type { DynamoDBStreamEvent } from 'aws-lambda';
import { WARM_SLOTS } from '../../core/domain/warm-container.ts';

/** The schedule's event, or changes of the pool's table. */
export type KeeperEvent = Partial<DynamoDBStreamEvent> & { readonly source?: string };

export const isSchedule = ({ Records }: KeeperEvent): boolean => Records === undefined;

/**
 * A slot that has become free is to be filled again. What else is written to the table, by the keeper itself too, calls
 * nobody: the event source mapping leaves it out, and one machine hands over all of it.
 */
export const isForKeeper = (event: KeeperEvent): boolean =>
  event.Records === undefined ||
  event.Records.some(
    ({ eventName, dynamodb }) => eventName === 'REMOVE' && dynamodb?.Keys?.pool?.S === WARM_SLOTS,
  );
