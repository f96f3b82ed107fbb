import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../dynamodb/document-client.ts';

/** Notes that a key was used at `at`, unless it is noted that it was after `unlessAfter`: of many at once, one writes. */
export async function recordKeyUse(
  apiKeys: Table,
  apiKeyHash: string,
  {
    at,
    unlessAfter,
    signal,
  }: { readonly at: Date; readonly unlessAfter: Date; readonly signal: AbortSignal },
): Promise<void> {
  const update = new UpdateCommand({
    TableName: apiKeys.tableName,
    Key: { apiKeyHash },
    UpdateExpression: 'SET lastUsedAt = :at',
    ConditionExpression:
      'attribute_exists(apiKeyHash) AND (attribute_not_exists(lastUsedAt) OR lastUsedAt <= :unlessAfter)',
    ExpressionAttributeValues: { ':at': at.toISOString(), ':unlessAfter': unlessAfter.toISOString() },
  });
  await apiKeys.client.send(update, { abortSignal: signal }).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}
