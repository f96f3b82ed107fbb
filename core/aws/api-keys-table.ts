import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ApiKey } from '../domain/api-key.ts';
import type { Table } from './document-client.ts';

export async function findApiKey(table: Table, apiKeyHash: string): Promise<ApiKey | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.tableName, Key: { apiKeyHash } }),
  );
  return Item as ApiKey | undefined;
}
