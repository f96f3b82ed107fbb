import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { WARM_SLOTS, type WarmContainer } from '../../domain/warm-container.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** Every slot that is filled. Consistent: one that has just been claimed is not among them. */
export async function listWarmSlots({ client, tableName }: Table): Promise<WarmContainer[]> {
  const slots: WarmContainer[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      KeyConditionExpression: '#pool = :slots',
      ExpressionAttributeNames: { '#pool': 'pool' },
      ExpressionAttributeValues: { ':slots': WARM_SLOTS },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) slots.push(...(Items as WarmContainer[]));
  return slots;
}
