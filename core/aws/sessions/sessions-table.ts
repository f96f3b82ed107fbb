import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import {
  LIVE_STATUSES,
  type LiveStatus,
  type Session,
  type SessionStatus,
  statusesBefore,
} from '../../domain/session.ts';
import { type UpdateOutcome, updateIf } from '../dynamodb/conditional-update.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** Reads are consistent: the answer decides what happens to a container. */
export async function getSession(sessions: Table, sessionId: string): Promise<Session | undefined> {
  const { Item } = await sessions.client.send(
    new GetCommand({ TableName: sessions.tableName, Key: { sessionId }, ConsistentRead: true }),
  );
  return Item as Session | undefined;
}

export interface SessionFilter {
  readonly statuses?: readonly SessionStatus[] | undefined;
  readonly matches?: (session: Session) => boolean;
  readonly limit: number;
}

/** The sessions of a project, newest first. */
export async function listProjectSessions(
  sessions: Table,
  projectId: string,
  { statuses, matches = () => true, limit }: SessionFilter,
): Promise<Session[]> {
  const pages = paginateQuery(
    { client: sessions.client },
    {
      TableName: sessions.tableName,
      IndexName: 'projectId-createdAt',
      KeyConditionExpression: 'projectId = :projectId',
      ExpressionAttributeValues: { ':projectId': projectId },
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

export interface SessionStep {
  /** The status to step into; without it the session only must not have ended. */
  readonly to?: SessionStatus;
  readonly set: Partial<Session>;
  readonly present?: readonly (keyof Session)[];
  readonly absent?: readonly (keyof Session)[];
  /** Narrows the statuses from which the step may be taken. */
  readonly from?: readonly SessionStatus[];
}

/** One legal step of a session as one conditional update: a late event never overwrites a later state. */
export function stepSession(
  sessions: Table,
  sessionId: string,
  { to, set, present = [], absent = [], from }: SessionStep,
): Promise<UpdateOutcome<Session>> {
  const legal = to === undefined ? LIVE_STATUSES : statusesBefore(to);
  return updateIf<Session>(sessions, {
    key: { sessionId },
    set: {
      ...set,
      ...(to === undefined ? {} : { status: to }),
      updatedAt: set.updatedAt ?? new Date().toISOString(),
    },
    oneOf: { status: from === undefined ? legal : legal.filter((status) => from.includes(status)) },
    present,
    absent,
  });
}
