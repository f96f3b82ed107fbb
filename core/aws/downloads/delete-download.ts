import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../dynamodb/document-client.ts';

/** Deleting what is not there is no error. */
export async function deleteDownload(downloads: Table, downloadId: string): Promise<void> {
  await downloads.client.send(new DeleteCommand({ TableName: downloads.tableName, Key: { downloadId } }));
}
