import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { LiveStatus, Session, SessionStatus } from '../../domain/session.ts';
import type { SessionPosition } from '../../domain/session-position.ts';
import type { Table } from '../dynamodb/document-client.ts';

export interface SessionFilter {
  readonly statuses?: readonly SessionStatus[] | undefined;
  readonly matches?: (session: Session) => boolean;
  /** Only those that were created since then: what is older is not read. */
  readonly since?: Date | undefined;
  /** Only those that stand behind it. */
  readonly after?: SessionPosition | undefined;
  readonly limit: number;
}

export interface SessionPage {
  readonly sessions: readonly Session[];
  /** Where the list goes on, if it may. */
  readonly next?: SessionPosition;
}

/** Of a history that hardly matches: 200 pages of DynamoDB's are up to 200 MB, and some seconds. */
export const MAX_PAGES_READ = 200;

/** The sessions of a project, newest first. What does not match is let go page by page. */
export async function listProjectSessions(
  sessions: Table,
  projectId: string,
  filter: SessionFilter,
): Promise<SessionPage> {
  const { since, after, limit } = filter;
  // DynamoDB refuses to begin where nothing is asked for.
  if (after !== undefined && since !== undefined && Date.parse(after.createdAt) < since.getTime())
    return { sessions: [] };
  const found: Session[] = [];
  let pagesRead = 0;
  for await (const { Items = [], LastEvaluatedKey } of pagesOf(sessions, projectId, filter)) {
    for (const session of (Items as Session[]).filter((each) => isWanted(each, filter))) {
      if (found.length === limit) return { sessions: found, next: positionOf(found.at(-1)) };
      found.push(session);
    }
    pagesRead += 1;
    const isEnough = found.length === limit || pagesRead === MAX_PAGES_READ;
    if (isEnough && LastEvaluatedKey !== undefined)
      return { sessions: found, next: positionOf(LastEvaluatedKey) };
  }
  return { sessions: found };
}

const isWanted = (session: Session, { statuses, matches = () => true }: SessionFilter): boolean =>
  (statuses?.includes(session.status) ?? true) && matches(session);

const positionOf = (item: unknown): SessionPosition => {
  const { createdAt, sessionId } = item as Session;
  return { createdAt, sessionId };
};

function pagesOf(
  sessions: Table,
  projectId: string,
  { statuses, matches, since, after, limit }: SessionFilter,
) {
  const isFiltered = statuses !== undefined || matches !== undefined;
  return paginateQuery(
    {
      client: sessions.client,
      ...(after === undefined ? {} : { startingToken: { projectId, ...positionOf(after) } }),
      // Where all are wanted, no more is read than that and whether there is another.
      ...(isFiltered ? {} : { pageSize: limit + 1 }),
    },
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
