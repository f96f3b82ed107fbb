import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { type CreateClaim, claimIdOf } from '../../domain/create-attempt.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** What an `Idempotency-Key` has made; undefined when its time is over, though DynamoDB may still have it. */
export async function getCreateClaim(
  sessions: Table,
  keyHash: string,
  now: Date,
): Promise<CreateClaim | undefined> {
  const { Item } = await sessions.client.send(
    new GetCommand({
      TableName: sessions.tableName,
      Key: { sessionId: claimIdOf(keyHash) },
      ConsistentRead: true,
    }),
  );
  const claim = Item as CreateClaim | undefined;
  return claim === undefined || claim.purgeAt * 1000 <= now.getTime() ? undefined : claim;
}
