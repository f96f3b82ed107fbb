import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { WebhookDelivery } from '../../domain/webhook-delivery.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** Each once: an event that is told twice finds its delivery there, however far that is. */
export async function storeDelivery({ client, tableName }: Table, delivery: WebhookDelivery): Promise<void> {
  try {
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: delivery,
        ConditionExpression: 'attribute_not_exists(deliveryId)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

export async function getDelivery(
  { client, tableName }: Table,
  webhookId: string,
  deliveryId: string,
): Promise<WebhookDelivery | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: { webhookId, deliveryId }, ConsistentRead: true }),
  );
  return Item as WebhookDelivery | undefined;
}
