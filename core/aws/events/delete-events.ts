import { DeleteCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../dynamodb/document-client.ts';
import type { EventItem } from './session-events-table.ts';

/** Deletes all events of a session; how many there were. */
export async function deleteEvents({ client, tableName }: Table, sessionId: string): Promise<number> {
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      KeyConditionExpression: 'sessionId = :sessionId',
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ExpressionAttributeValues: { ':sessionId': sessionId },
      ProjectionExpression: '#sequence',
      ConsistentRead: true,
    },
  );
  let count = 0;
  for await (const { Items = [] } of pages)
    for (const { sequence } of Items as Pick<EventItem, 'sequence'>[]) {
      await client.send(new DeleteCommand({ TableName: tableName, Key: { sessionId, sequence } }));
      count += 1;
    }
  return count;
}
