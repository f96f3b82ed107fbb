import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Session } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';

export interface RetriedCreate {
  readonly projectId: string;
  readonly callerHash: string;
  readonly since: Date;
}

/**
 * The sessions that the same caller has asked for alike since then, the oldest first. The index may lag behind the
 * table by moments; a retry that comes earlier has a session of its own.
 */
export async function findRetriedCreates(
  sessions: Table,
  { projectId, callerHash, since }: RetriedCreate,
): Promise<readonly Session[]> {
  const pages = paginateQuery(
    { client: sessions.client },
    {
      TableName: sessions.tableName,
      IndexName: 'projectId-createdAt',
      KeyConditionExpression: 'projectId = :projectId AND createdAt >= :since',
      FilterExpression: 'callerHash = :callerHash',
      ExpressionAttributeValues: {
        ':projectId': projectId,
        ':since': since.toISOString(),
        ':callerHash': callerHash,
      },
    },
  );
  const found: Session[] = [];
  for await (const { Items = [] } of pages) found.push(...(Items as Session[]));
  return found;
}
