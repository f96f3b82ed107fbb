import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Download } from '../../domain/download.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** Told twice it is the same. Rejects with a ConditionalCheckFailedException where another session has that id. */
export async function storeDownload(downloads: Table, download: Download): Promise<void> {
  await downloads.client.send(
    new PutCommand({
      TableName: downloads.tableName,
      Item: download,
      ConditionExpression: 'attribute_not_exists(downloadId) OR sessionId = :sessionId',
      ExpressionAttributeValues: { ':sessionId': download.sessionId },
    }),
  );
}
