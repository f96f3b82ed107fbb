/** The counts of the warm pool's minutes: written by creates and by the keeper, read by the keeper. */
import { paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type DemandCount, type DemandMinute, minuteOf, WARM_DEMAND } from '../../domain/warm-demand.ts';
import type { Table } from '../dynamodb/document-client.ts';

// For whoever looks at a bad hour later; the keeper looks back for minutes.
const KEPT_SECONDS = 86_400;

/** A create, and whether it found no warm container. */
export const recordCreate = (pool: Table, { isCold, at }: { isCold: boolean; at: Date }): Promise<void> =>
  addCounts(pool, at, { creates: 1, ...(isCold ? { cold: 1 } : {}) });

export const recordWarmStarts = (pool: Table, starts: number, at: Date): Promise<void> =>
  addCounts(pool, at, { starts });

/** A warm container that came to nothing. */
export const recordWarmFailure = (pool: Table, at: Date): Promise<void> =>
  addCounts(pool, at, { failures: 1 }, { lastFailureAt: at.toISOString() });

async function addCounts(
  { client, tableName }: Table,
  at: Date,
  counts: Partial<Record<DemandCount, number>>,
  facts: Partial<DemandMinute> = {},
): Promise<void> {
  const set = { purgeAt: Math.ceil(at.getTime() / 1000) + KEPT_SECONDS, ...facts };
  const phrase = (parts: object, join: string) =>
    Object.keys(parts)
      .map((name) => `#${name}${join}:${name}`)
      .join(', ');
  const all = Object.entries({ ...set, ...counts });
  await client.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pool: WARM_DEMAND, slot: minuteOf(at) },
      UpdateExpression: `SET ${phrase(set, ' = ')} ADD ${phrase(counts, ' ')}`,
      ExpressionAttributeNames: Object.fromEntries(all.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(all.map(([name, value]) => [`:${name}`, value])),
    }),
  );
}

/** The minutes since then, the oldest first. */
export async function listDemand({ client, tableName }: Table, since: Date): Promise<DemandMinute[]> {
  const minutes: DemandMinute[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      KeyConditionExpression: '#pool = :demand AND #slot >= :since',
      ExpressionAttributeNames: { '#pool': 'pool', '#slot': 'slot' },
      ExpressionAttributeValues: { ':demand': WARM_DEMAND, ':since': minuteOf(since) },
    },
  );
  for await (const { Items = [] } of pages) minutes.push(...(Items as DemandMinute[]));
  return minutes;
}
