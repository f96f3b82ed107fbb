import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Download } from '../../domain/download.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** The download of that id, whosever it is. */
export async function getDownload(downloads: Table, downloadId: string): Promise<Download | undefined> {
  const { Item } = await downloads.client.send(
    new GetCommand({ TableName: downloads.tableName, Key: { downloadId }, ConsistentRead: true }),
  );
  return Item as Download | undefined;
}
