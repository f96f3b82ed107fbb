import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ApiKey } from '../../domain/api-key.ts';
import { hashApiKey, lastFourOf } from '../../tokens/api-key-text.ts';
import type { Table } from '../dynamodb/document-client.ts';

export interface NewApiKey {
  readonly apiKey: string;
  readonly name: string;
  readonly projectIds: readonly string[];
  readonly defaultProjectId: string;
  readonly expiresAt?: string | undefined;
}

/** The item of a new key: its hash, and of its text no more than the last four characters. */
export function apiKeyItem({ apiKey, expiresAt, ...fields }: NewApiKey, now: Date): ApiKey {
  const lastFour = lastFourOf(apiKey);
  return {
    ...fields,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(lastFour === undefined ? {} : { lastFour }),
    apiKeyHash: hashApiKey(apiKey),
    status: 'ACTIVE',
    createdAt: now.toISOString(),
  };
}

/** Stores a key by its hash, and returns what was stored. Storing the same key again replaces what it opens. */
export async function storeApiKey(apiKeys: Table, key: NewApiKey, now: Date): Promise<ApiKey> {
  const item = apiKeyItem(key, now);
  await apiKeys.client.send(new PutCommand({ TableName: apiKeys.tableName, Item: item }));
  return item;
}
