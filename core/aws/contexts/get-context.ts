import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../../domain/context.ts';
import { isTombstone, type Tombstone } from '../../domain/tombstone.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** The context of that id, whosever it is; undefined when there is none, or it was deleted. */
export async function getContext(contexts: Table, contextId: string): Promise<Context | undefined> {
  const { Item } = await contexts.client.send(
    new GetCommand({ TableName: contexts.tableName, Key: { contextId }, ConsistentRead: true }),
  );
  const item = Item as Context | Tombstone | undefined;
  return item === undefined || isTombstone(item) ? undefined : item;
}
