import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Download } from '../../domain/download.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** Told twice it is the same. False where another session has that id. */
export async function storeDownload(downloads: Table, download: Download): Promise<boolean> {
  const put = new PutCommand({
    TableName: downloads.tableName,
    Item: download,
    ConditionExpression: 'attribute_not_exists(downloadId) OR sessionId = :sessionId',
    ExpressionAttributeValues: { ':sessionId': download.sessionId },
  });
  try {
    await downloads.client.send(put);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
