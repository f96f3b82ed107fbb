import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { WARM_SLOTS, type WarmContainer, type WarmStatus } from '../../domain/warm-container.ts';
import type { Table } from '../dynamodb/document-client.ts';

const ANY: readonly WarmStatus[] = ['STARTING', 'AVAILABLE'];

/**
 * Takes a container out of the pool, and answers what was known of it; undefined when the slot is not its own any more:
 * it was claimed, or another one is there. `statuses`: only while it is still in one of these.
 */
export async function freeSlot(
  { client, tableName }: Table,
  { slot, warmId }: Pick<WarmContainer, 'slot' | 'warmId'>,
  statuses = ANY,
): Promise<WarmContainer | undefined> {
  const values = statuses.map((status, index) => [`:status${index}`, status] as const);
  try {
    const { Attributes } = await client.send(
      new DeleteCommand({
        TableName: tableName,
        Key: { pool: WARM_SLOTS, slot },
        ConditionExpression: `warmId = :warmId AND #status IN (${values.map(([name]) => name).join(', ')})`,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':warmId': warmId, ...Object.fromEntries(values) },
        ReturnValues: 'ALL_OLD',
      }),
    );
    return Attributes as WarmContainer;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
