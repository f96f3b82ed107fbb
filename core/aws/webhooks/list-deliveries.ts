import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { WebhookDelivery } from '../../domain/webhook-delivery.ts';
import type { Table } from '../dynamodb/document-client.ts';

export interface DeliveryQuery {
  /** Those that sort before it. */
  readonly before?: string | undefined;
  readonly limit: number;
  /** From an index that has only these. */
  readonly isFailed: boolean;
}

/** Of a webhook, the newest event first. */
export async function listDeliveries(
  { client, tableName }: Table,
  webhookId: string,
  { before, limit, isFailed }: DeliveryQuery,
): Promise<readonly WebhookDelivery[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      ...(isFailed ? { IndexName: 'failedWebhookId-deliveryId' } : {}),
      KeyConditionExpression: before === undefined ? '#of = :of' : '#of = :of AND deliveryId < :before',
      ExpressionAttributeNames: { '#of': isFailed ? 'failedWebhookId' : 'webhookId' },
      ExpressionAttributeValues: {
        ':of': webhookId,
        ...(before === undefined ? {} : { ':before': before }),
      },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return Items as WebhookDelivery[];
}
