import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PublicKeys } from '../../tokens/tokens.ts';
import type { Table } from '../dynamodb/document-client.ts';

/**
 * The public halves of the token keys, as one item: a reader never sees half of a rotation. Whoever may write this item
 * can make tokens that the router takes, so nothing but `npm run admin` has that right.
 */
const KEY_SET = 'tokens';

/** The published keys; none before the first rotation. */
export async function getPublicKeys(publicKeysTable: Table): Promise<PublicKeys> {
  const { Item } = await publicKeysTable.client.send(
    new GetCommand({ TableName: publicKeysTable.tableName, Key: { keySet: KEY_SET }, ConsistentRead: true }),
  );
  return (Item?.publicKeys as PublicKeys | undefined) ?? {};
}

/** Publishes exactly these keys. */
export async function publishPublicKeys(
  publicKeysTable: Table,
  publicKeys: PublicKeys,
  now: Date,
): Promise<void> {
  const Item = { keySet: KEY_SET, publicKeys, updatedAt: now.toISOString() };
  await publicKeysTable.client.send(new PutCommand({ TableName: publicKeysTable.tableName, Item }));
}
