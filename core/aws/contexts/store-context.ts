import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../../domain/context.ts';
import type { Table } from '../dynamodb/document-client.ts';

export async function storeContext(contexts: Table, context: Context): Promise<void> {
  await contexts.client.send(
    new PutCommand({
      TableName: contexts.tableName,
      Item: context,
      ConditionExpression: 'attribute_not_exists(contextId)',
    }),
  );
}
