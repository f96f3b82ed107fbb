import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ApiKey } from '../../domain/api-key.ts';
import { hashApiKey } from '../../tokens/api-key-text.ts';
import type { Table } from '../dynamodb/document-client.ts';

export interface NewApiKey {
  readonly apiKey: string;
  readonly name: string;
  readonly projectIds: readonly string[];
  readonly defaultProjectId: string;
  readonly expiresAt?: string | undefined;
}

/** Stores a key by its hash, and returns what was stored. Storing the same key again replaces what it opens. */
export async function storeApiKey(
  apiKeys: Table,
  { apiKey, ...rest }: NewApiKey,
  now: Date,
): Promise<ApiKey> {
  const { expiresAt, ...fields } = rest;
  const item: ApiKey = {
    ...fields,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    apiKeyHash: hashApiKey(apiKey),
    status: 'ACTIVE',
    createdAt: now.toISOString(),
  };
  await apiKeys.client.send(new PutCommand({ TableName: apiKeys.tableName, Item: item }));
  return item;
}
