import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { WARM_CLAIMS, type WarmClaim } from '../../domain/warm-container.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** Which session a warm container went to; undefined when nobody has claimed it. */
export async function getWarmClaim(
  { client, tableName }: Table,
  warmId: string,
): Promise<WarmClaim | undefined> {
  const { Item } = await client.send(
    new GetCommand({
      TableName: tableName,
      Key: { pool: WARM_CLAIMS, slot: warmId },
      ConsistentRead: true,
    }),
  );
  return Item as WarmClaim | undefined;
}
