import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DeliveryChanges, WebhookDelivery } from '../../domain/webhook-delivery.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** False when it has gone on since `seen` was read: somebody else has tried it, or has asked for it again. */
export async function changeDelivery(
  { client, tableName }: Table,
  seen: WebhookDelivery,
  changes: DeliveryChanges,
): Promise<boolean> {
  const { webhookId, deliveryId, round, tryCount } = seen;
  // What is left out is gone: a delivery that waits has not failed, and one that is over has no next try.
  const set = { failedWebhookId: undefined, nextTryAt: undefined, ...changes };
  const entries = Object.entries(set);
  const assignments = entries
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `#${name} = :${name}`);
  const removals = entries.filter(([, value]) => value === undefined).map(([name]) => `#${name}`);
  try {
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { webhookId, deliveryId },
        UpdateExpression: [`SET ${assignments.join(', ')}`, `REMOVE ${removals.join(', ')}`]
          .filter((part) => part !== 'REMOVE ')
          .join(' '),
        ConditionExpression: '#round = :seenRound AND #tryCount = :seenTryCount',
        ExpressionAttributeNames: {
          ...Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
          '#round': 'round',
          '#tryCount': 'tryCount',
        },
        ExpressionAttributeValues: {
          ...Object.fromEntries(
            entries.filter(([, value]) => value !== undefined).map(([name, value]) => [`:${name}`, value]),
          ),
          ':seenRound': round,
          ':seenTryCount': tryCount,
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
