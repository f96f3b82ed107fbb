import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Session } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** The ids of a project's sessions, a page at a time and nothing else of them: the table holds a month. */
export async function* pagesOfSessionIds(sessions: Table, projectId: string): AsyncGenerator<string[]> {
  const pages = paginateQuery(
    { client: sessions.client },
    {
      TableName: sessions.tableName,
      IndexName: 'projectId-createdAt',
      KeyConditionExpression: 'projectId = :projectId',
      ExpressionAttributeValues: { ':projectId': projectId },
      ProjectionExpression: 'sessionId',
    },
  );
  for await (const { Items = [] } of pages)
    yield (Items as Pick<Session, 'sessionId'>[]).map(({ sessionId }) => sessionId);
}
