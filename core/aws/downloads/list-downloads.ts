import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Download } from '../../domain/download.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** All downloads of a session, the oldest first. */
export async function listDownloads(downloads: Table, sessionId: string): Promise<readonly Download[]> {
  const found: Download[] = [];
  const pages = paginateQuery(
    { client: downloads.client },
    {
      TableName: downloads.tableName,
      IndexName: 'sessionId-createdAt',
      KeyConditionExpression: 'sessionId = :sessionId',
      ExpressionAttributeValues: { ':sessionId': sessionId },
    },
  );
  for await (const { Items = [] } of pages) found.push(...(Items as Download[]));
  return found;
}
