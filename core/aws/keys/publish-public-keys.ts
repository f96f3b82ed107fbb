import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PublicKeys } from '../../tokens/tokens.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { PUBLISHED_KEY_SET } from './published-key-set.ts';

/** Publishes exactly these keys. */
export async function publishPublicKeys(
  publicKeysTable: Table,
  publicKeys: PublicKeys,
  now: Date,
): Promise<void> {
  const Item = { ...PUBLISHED_KEY_SET, publicKeys, updatedAt: now.toISOString() };
  await publicKeysTable.client.send(new PutCommand({ TableName: publicKeysTable.tableName, Item }));
}
