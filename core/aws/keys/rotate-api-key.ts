import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { ApiKey } from '../../domain/api-key.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { conditionFailureAt, transactWrite } from '../dynamodb/transact-write.ts';
import { apiKeyItem } from './store-api-key.ts';

/** The key was revoked, or changed by somebody else, since it was read. */
export class KeyChangedError extends Error {
  override readonly name = 'KeyChangedError';
}

export interface KeyRotation {
  readonly apiKey: string;
  /** Of the new key. */
  readonly expiresAt?: string | undefined;
  /** When the old one dies. */
  readonly oldExpiresAt: string;
}

/**
 * Stores a new key that opens what `old` does, and lets `old` expire: both or neither, so that no rotation leaves a key
 * that nobody was shown, or an old one that lives on for ever.
 */
export async function rotateApiKey(
  { apiKeys, clock }: { readonly apiKeys: Table; readonly clock: Clock },
  old: ApiKey,
  { apiKey, expiresAt, oldExpiresAt }: KeyRotation,
): Promise<ApiKey> {
  const { name, projectIds, defaultProjectId, apiKeyHash } = old;
  const item = apiKeyItem({ apiKey, name, projectIds, defaultProjectId, expiresAt }, new Date(clock.now()));
  const TableName = apiKeys.tableName;
  const sameExpiry = old.expiresAt === undefined ? 'attribute_not_exists(expiresAt)' : 'expiresAt = :was';
  try {
    await transactWrite(apiKeys.client, clock, [
      { Put: { TableName, Item: item, ConditionExpression: 'attribute_not_exists(apiKeyHash)' } },
      {
        Update: {
          TableName,
          Key: { apiKeyHash },
          UpdateExpression: 'SET expiresAt = :at',
          ConditionExpression: `#status = :active AND ${sameExpiry}`,
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: {
            ':at': oldExpiresAt,
            ':active': 'ACTIVE',
            ...(old.expiresAt === undefined ? {} : { ':was': old.expiresAt }),
          },
        },
      },
    ]);
  } catch (error) {
    if (error instanceof TransactionCanceledException && conditionFailureAt(error, 1) !== undefined)
      throw new KeyChangedError('The key was changed by somebody else at this moment: look at it again');
    throw error;
  }
  return item;
}
