import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Table } from './document-client.ts';

/** Every item of a small table, such as the projects or the API keys: people list them, programs do not. */
export async function scanAll<Item>({ client, tableName }: Table): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName: tableName, ConsistentRead: true },
  )) {
    items.push(...(Items as Item[]));
  }
  return items;
}
