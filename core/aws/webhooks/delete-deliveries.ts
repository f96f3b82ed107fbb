import { DeleteCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../dynamodb/document-client.ts';

/** All that was sent to a webhook, and waits to be. How many there were. */
export async function deleteDeliveries({ client, tableName }: Table, webhookId: string): Promise<number> {
  let count = 0;
  const query = {
    TableName: tableName,
    KeyConditionExpression: 'webhookId = :webhookId',
    ExpressionAttributeValues: { ':webhookId': webhookId },
    ProjectionExpression: 'webhookId, deliveryId',
  };
  for await (const { Items = [] } of paginateQuery({ client }, query)) {
    for (const Key of Items) await client.send(new DeleteCommand({ TableName: tableName, Key }));
    count += Items.length;
  }
  return count;
}
