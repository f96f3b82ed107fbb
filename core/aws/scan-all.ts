import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from './document-client.ts';

/** Every item of a small table, such as the projects or the API keys: people list them, programs do not. */
export async function scanAll<Item>(table: Table): Promise<Item[]> {
  const items: Item[] = [];
  let startKey: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new ScanCommand({ TableName: table.tableName, ExclusiveStartKey: startKey, ConsistentRead: true }),
    );
    items.push(...((page.Items ?? []) as Item[]));
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
  return items;
}
