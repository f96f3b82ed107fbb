import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import { AppError } from '../domain/errors.ts';
import { isUuid } from '../domain/ids.ts';
import { updateIf } from './conditional-update.ts';
import type { Table } from './document-client.ts';

/** The context, if it exists and belongs to the project; otherwise CONTEXT_NOT_FOUND, which does not tell the two apart. */
export async function getContext(table: Table, projectId: string, contextId: string): Promise<Context> {
  if (!isUuid(contextId)) throw new AppError('CONTEXT_NOT_FOUND', [contextId]);
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.tableName, Key: { contextId }, ConsistentRead: true }),
  );
  const context = Item as Context | undefined;
  if (context?.projectId !== projectId) throw new AppError('CONTEXT_NOT_FOUND', [contextId]);
  return context;
}

export async function putContext(table: Table, context: Context): Promise<void> {
  await table.client.send(
    new PutCommand({
      TableName: table.tableName,
      Item: context,
      ConditionExpression: 'attribute_not_exists(contextId)',
    }),
  );
}

export async function deleteContext(table: Table, contextId: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.tableName, Key: { contextId } }));
}

/** Notes that a session saved its profile. A context that was deleted meanwhile stays deleted. */
export async function recordSavedProfile(
  table: Table,
  contextId: string,
  { sizeBytes, sessionId, at }: { sizeBytes: number; sessionId: string; at: Date },
): Promise<void> {
  await updateIf<Context>(table, {
    key: { contextId },
    set: { status: 'SAVED', sizeBytes, lastSessionId: sessionId, updatedAt: at.toISOString() },
  });
}
