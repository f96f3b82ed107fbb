import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Session } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** As much of a session as it takes to find its container. */
export type SessionRoute = Pick<
  Session,
  'projectId' | 'status' | 'address' | 'endReason' | 'requestId' | 'traceparent'
>;

/** The read is consistent: a session that has just become READY is not taken for one that is still starting. */
export async function getSessionRoute(sessions: Table, sessionId: string): Promise<SessionRoute | undefined> {
  const { Item } = await sessions.client.send(
    new GetCommand({
      TableName: sessions.tableName,
      Key: { sessionId },
      ConsistentRead: true,
      ProjectionExpression: 'projectId, #status, address, endReason, requestId, traceparent',
      ExpressionAttributeNames: { '#status': 'status' },
    }),
  );
  return Item as SessionRoute | undefined;
}
