import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { PublicKeys } from '../../tokens/tokens.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { PUBLISHED_KEY_SET } from './published-key-set.ts';

/** The published keys; none before the first rotation. */
export async function getPublicKeys(publicKeysTable: Table): Promise<PublicKeys> {
  const { Item } = await publicKeysTable.client.send(
    new GetCommand({ TableName: publicKeysTable.tableName, Key: PUBLISHED_KEY_SET, ConsistentRead: true }),
  );
  return (Item?.publicKeys as PublicKeys | undefined) ?? {};
}
