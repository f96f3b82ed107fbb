import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../../domain/context.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** The contexts of a project, newest first, a page at a time: a project may have more than fit into memory. */
export async function* pagesOfContexts(contexts: Table, projectId: string): AsyncGenerator<Context[]> {
  const pages = paginateQuery(
    { client: contexts.client },
    {
      TableName: contexts.tableName,
      IndexName: 'projectId-createdAt',
      KeyConditionExpression: 'projectId = :projectId',
      ExpressionAttributeValues: { ':projectId': projectId },
      ScanIndexForward: false,
    },
  );
  for await (const { Items = [] } of pages) yield Items as Context[];
}
