import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { EVENT_TYPES, type EventCategory, type SessionEvent } from '../../domain/session-event.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { type EventItem, toSessionEvent, toSortKey } from './session-events-table.ts';

export interface EventQuery {
  /** Those with a greater sequence. */
  readonly after: number;
  readonly limit: number;
  readonly category?: EventCategory | undefined;
}

/** The events of a session in order. As they are now: what was written before is read. */
export async function listEvents(
  { client, tableName }: Table,
  sessionId: string,
  { after, limit, category }: EventQuery,
): Promise<SessionEvent[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      KeyConditionExpression: 'sessionId = :sessionId AND #sequence > :after',
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ExpressionAttributeValues: { ':sessionId': sessionId, ':after': toSortKey(after) },
      // A session has few; where they are filtered, a page may hold none of those that are wanted.
      ...(category === undefined ? { Limit: limit } : {}),
      ConsistentRead: true,
    },
  );
  const found: SessionEvent[] = [];
  for await (const { Items = [] } of pages) {
    const events = (Items as EventItem[])
      // Of a later version that was here, and is not any more.
      .filter(({ type }) => Object.hasOwn(EVENT_TYPES, type))
      .map(toSessionEvent);
    found.push(...events.filter((event) => category === undefined || event.category === category));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}
