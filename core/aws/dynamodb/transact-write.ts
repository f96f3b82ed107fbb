import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type Clock, pause } from '../../domain/clock.ts';
import { RETRY } from '../../domain/timing.ts';
import { TransactionBusyError } from './transaction-busy-error.ts';

const MAX_ATTEMPTS = 12;
// Two transactions met on one item, or the table was short of capacity: the same call may succeed at once.
const TRANSIENT = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

export type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;
export type TransactItem = TransactItems[number];

/**
 * Writes all items or none. Conflicts with other transactions are tried again, with jitter, because every create and
 * every end of a project's sessions meet on the project's item; a TransactionBusyError ends that. A condition that does
 * not hold is thrown as DynamoDB reports it (TransactionCanceledException).
 */
export async function transactWrite(
  client: DynamoDBDocumentClient,
  clock: Clock,
  items: TransactItems,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items }));
      return;
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (attempt >= MAX_ATTEMPTS)
        throw new TransactionBusyError('No attempt was let through', { cause: error });
      await pause(
        clock,
        Math.random() * Math.min(RETRY.transactionMaxMs, RETRY.transactionFirstMs * 2 ** attempt),
      );
    }
  }
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
  return !codes.includes('ConditionalCheckFailed') && codes.some((code) => TRANSIENT.has(code));
}

/** Why the item at `index` refused a cancelled transaction; undefined when it did not. */
export function conditionFailureAt(error: unknown, index: number) {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reason = error.CancellationReasons?.[index];
  return reason?.Code === 'ConditionalCheckFailed' ? reason : undefined;
}
