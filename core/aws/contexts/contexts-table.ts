import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Context, DELETED, type Tombstone, tombstoneOf } from '../../domain/context.ts';
import { AppError } from '../../domain/errors.ts';
import { isUuid } from '../../domain/ids.ts';
import { updateIf } from '../dynamodb/conditional-update.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** The context, if it exists and belongs to the project; otherwise CONTEXT_NOT_FOUND, which does not tell the two apart. */
export async function getContext(contexts: Table, projectId: string, contextId: string): Promise<Context> {
  if (!isUuid(contextId)) throw new AppError('CONTEXT_NOT_FOUND', [contextId]);
  const { Item } = await contexts.client.send(
    new GetCommand({ TableName: contexts.tableName, Key: { contextId }, ConsistentRead: true }),
  );
  const context = Item as Context | undefined;
  if (context?.projectId !== projectId) throw new AppError('CONTEXT_NOT_FOUND', [contextId]);
  return context;
}

export async function putContext(contexts: Table, context: Context): Promise<void> {
  await contexts.client.send(
    new PutCommand({
      TableName: contexts.tableName,
      Item: context,
      ConditionExpression: 'attribute_not_exists(contextId)',
    }),
  );
}

/** Puts a tombstone in the context's place. Of two who delete it at once, the first counts. */
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

/** Tombstones of contexts that were deleted before `before`, the oldest first. */
export async function listTombstones(contexts: Table, before: Date, limit: number): Promise<Tombstone[]> {
  const { Items = [] } = await contexts.client.send(
    new QueryCommand({
      TableName: contexts.tableName,
      IndexName: 'projectId-createdAt',
      KeyConditionExpression: 'projectId = :deleted AND createdAt < :before',
      ExpressionAttributeValues: { ':deleted': DELETED, ':before': before.toISOString() },
      Limit: limit,
    }),
  );
  return Items as Tombstone[];
}

export async function removeTombstone(contexts: Table, { contextId }: Tombstone): Promise<void> {
  await contexts.client.send(new DeleteCommand({ TableName: contexts.tableName, Key: { contextId } }));
}

/** Notes that a session saved its profile. A context that was deleted meanwhile stays deleted. */
export async function recordSavedProfile(
  contexts: Table,
  contextId: string,
  { sizeBytes, sessionId, at }: { sizeBytes: number; sessionId: string; at: Date },
): Promise<void> {
  await updateIf<Context>(contexts, {
    key: { contextId },
    set: { status: 'SAVED', sizeBytes, lastSessionId: sessionId, updatedAt: at.toISOString() },
    // A tombstone has none.
    present: ['status'],
  });
}
