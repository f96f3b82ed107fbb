import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DELETED, type Tombstone } from '../../domain/tombstone.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** Tombstones of contexts that were deleted before `before`, the oldest first. */
export async function listTombstones(contexts: Table, before: Date, limit: number): Promise<Tombstone[]> {
  const { Items = [] } = await contexts.client.send(
    new QueryCommand({
      TableName: contexts.tableName,
      IndexName: 'projectId-createdAt',
      KeyConditionExpression: 'projectId = :deleted AND createdAt < :before',
      ExpressionAttributeValues: { ':deleted': DELETED, ':before': before.toISOString() },
      Limit: limit,
    }),
  );
  return Items as Tombstone[];
}

export async function removeTombstone(contexts: Table, { contextId }: Tombstone): Promise<void> {
  await contexts.client.send(new DeleteCommand({ TableName: contexts.tableName, Key: { contextId } }));
}
