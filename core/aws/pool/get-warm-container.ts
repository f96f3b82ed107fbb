import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { slotOfWarmId, WARM_SLOTS, type WarmContainer } from '../../domain/warm-container.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** The container while it is in the pool; undefined when its slot is not its own any more. */
export async function getWarmContainer(
  { client, tableName }: Table,
  warmId: string,
): Promise<WarmContainer | undefined> {
  const slot = slotOfWarmId(warmId);
  if (slot === undefined) return undefined;
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: { pool: WARM_SLOTS, slot }, ConsistentRead: true }),
  );
  const container = Item as WarmContainer | undefined;
  return container?.warmId === warmId ? container : undefined;
}
