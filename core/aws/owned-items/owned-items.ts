/** Tables of what a project owns: an item by its own id, and all of a project by the index `projectId-createdAt`. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Owned } from '../../domain/ownership.ts';
import type { Table } from '../dynamodb/document-client.ts';

export interface OwnedItems<Item extends Owned> {
  readonly table: Table;
  /** The name of the id, which is the table's key. */
  readonly key: keyof Item & string;
}

export async function storeItem<Item extends Owned>(
  { table, key }: OwnedItems<Item>,
  item: Item,
): Promise<void> {
  await table.client.send(
    new PutCommand({
      TableName: table.tableName,
      Item: item,
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': key },
    }),
  );
}

/** False where it is there already, which it stays. */
export async function storeItemOnce<Item extends Owned>(
  items: OwnedItems<Item>,
  item: Item,
): Promise<boolean> {
  try {
    await storeItem(items, item);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export async function getItem<Item extends Owned>(
  { table, key }: OwnedItems<Item>,
  id: string,
): Promise<Item | undefined> {
  const { Item: item } = await table.client.send(
    new GetCommand({ TableName: table.tableName, Key: { [key]: id }, ConsistentRead: true }),
  );
  return item as Item | undefined;
}

/** Removing what is not there is no error. */
export async function removeItem<Item extends Owned>(
  { table, key }: OwnedItems<Item>,
  id: string,
): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.tableName, Key: { [key]: id } }));
}

/** The items of a project, newest first, a page at a time. An index is a moment behind its table. */
export async function* pagesOfItems<Item extends Owned>(
  { table }: OwnedItems<Item>,
  projectId: string,
): AsyncGenerator<Item[]> {
  for await (const { Items = [] } of paginateQuery({ client: table.client }, ofProject(table, projectId)))
    yield Items as Item[];
}

export async function countItems<Item extends Owned>(
  { table }: OwnedItems<Item>,
  projectId: string,
): Promise<number> {
  let count = 0;
  const query = { ...ofProject(table, projectId), Select: 'COUNT' as const };
  for await (const { Count = 0 } of paginateQuery({ client: table.client }, query)) count += Count;
  return count;
}

const ofProject = ({ tableName }: Table, projectId: string) => ({
  TableName: tableName,
  IndexName: 'projectId-createdAt',
  KeyConditionExpression: 'projectId = :projectId',
  ExpressionAttributeValues: { ':projectId': projectId },
  ScanIndexForward: false,
});
