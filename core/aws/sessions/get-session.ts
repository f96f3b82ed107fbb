import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Session } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** The read is consistent: the answer decides what happens to a container. */
export async function getSession(sessions: Table, sessionId: string): Promise<Session | undefined> {
  const { Item } = await sessions.client.send(
    new GetCommand({ TableName: sessions.tableName, Key: { sessionId }, ConsistentRead: true }),
  );
  return Item as Session | undefined;
}
