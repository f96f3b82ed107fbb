import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../../domain/context.ts';
import { tombstoneOf } from '../../domain/tombstone.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** Leaves a tombstone where the context was (sweep-tombstones.ts). Of two who delete it at once, the first counts. */
export async function deleteContext(contexts: Table, context: Context, at: Date): Promise<void> {
  const put = new PutCommand({
    TableName: contexts.tableName,
    Item: tombstoneOf(context, at),
    ConditionExpression: 'projectId = :projectId',
    ExpressionAttributeValues: { ':projectId': context.projectId },
  });
  await contexts.client.send(put).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}
