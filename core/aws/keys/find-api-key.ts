import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ApiKey } from '../../domain/api-key.ts';
import type { Table } from '../dynamodb/document-client.ts';

export async function findApiKey(apiKeys: Table, apiKeyHash: string): Promise<ApiKey | undefined> {
  const { Item } = await apiKeys.client.send(
    new GetCommand({ TableName: apiKeys.tableName, Key: { apiKeyHash } }),
  );
  return Item as ApiKey | undefined;
}
