import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { LiveStatus, Session, SessionStatus } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';

export interface SessionFilter {
  readonly statuses?: readonly SessionStatus[] | undefined;
  readonly matches?: (session: Session) => boolean;
  /** Only those that were created since then: what is older is not read. */
  readonly since?: Date | undefined;
  readonly limit: number;
}

/** The sessions of a project, newest first. */
export async function listProjectSessions(
  sessions: Table,
  projectId: string,
  { statuses, matches = () => true, since, limit }: SessionFilter,
): Promise<Session[]> {
  const pages = paginateQuery(
    { client: sessions.client },
    {
      TableName: sessions.tableName,
      IndexName: 'projectId-createdAt',
      KeyConditionExpression:
        since === undefined ? 'projectId = :projectId' : 'projectId = :projectId AND createdAt >= :since',
      ExpressionAttributeValues: {
        ':projectId': projectId,
        ...(since === undefined ? {} : { ':since': since.toISOString() }),
      },
      ScanIndexForward: false,
    },
  );
  const isWanted = (session: Session) => (statuses?.includes(session.status) ?? true) && matches(session);
  const found: Session[] = [];
  for await (const { Items = [] } of pages) {
    found.push(...(Items as Session[]).filter(isWanted));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/** Every session in `status`, those with the nearest deadline first. */
export async function listSessionsInStatus(sessions: Table, status: LiveStatus): Promise<Session[]> {
  const pages = paginateQuery(
    { client: sessions.client },
    {
      TableName: sessions.tableName,
      IndexName: 'status-expiresAt',
      KeyConditionExpression: '#status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status },
    },
  );
  const found: Session[] = [];
  for await (const { Items = [] } of pages) found.push(...(Items as Session[]));
  return found;
}
