import { paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Session } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';

export type EndedSession = Pick<Session, 'projectId' | 'status' | 'proxyBytes'> &
  Required<Pick<Session, 'endedAt'>> &
  Pick<Session, 'browserMinutes'>;

export interface EndedBetween {
  /** In ISO 8601: from the first until before the second. */
  readonly from: string;
  readonly until: string;
  readonly projectId?: string | undefined;
}

/** The sessions that ended in a time, a page at a time and no more of each than its usage: there may be millions. */
export async function* pagesOfEndedSessions(
  sessions: Table,
  { from, until, projectId }: EndedBetween,
): AsyncGenerator<EndedSession[]> {
  const wanted = {
    TableName: sessions.tableName,
    FilterExpression: 'endedAt >= :from AND endedAt < :until',
    ProjectionExpression: 'projectId, endedAt, browserMinutes, proxyBytes, #status',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':from': from, ':until': until },
  };
  const pages =
    projectId === undefined
      ? paginateScan({ client: sessions.client }, wanted)
      : paginateQuery(
          { client: sessions.client },
          {
            ...wanted,
            IndexName: 'projectId-createdAt',
            KeyConditionExpression: 'projectId = :projectId',
            ExpressionAttributeValues: { ...wanted.ExpressionAttributeValues, ':projectId': projectId },
          },
        );
  for await (const { Items = [] } of pages) yield Items as EndedSession[];
}
