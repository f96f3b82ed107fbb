/** What creates that wait for room know of each other: one partition of the pool's table, read as a whole. */
import { DeleteCommand, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Breaker } from '../../domain/capacity-breaker.ts';
import type { Turn, Waiter } from '../../domain/fair-queue.ts';
import type { Table } from '../dynamodb/document-client.ts';

const CAPACITY_PARTITION = 'capacity';
const BREAKER = 'breaker';
const WAITER = 'wait#';
const TURN = 'turn#';

// Whoever left without a word, and whose turn nobody asks for any more, goes by itself.
const KEPT_SECONDS = 3_600;

export interface CapacityState {
  readonly breaker: Breaker | undefined;
  readonly waiters: readonly Waiter[];
  readonly turns: readonly Turn[];
}

/** All of it, consistent: two that look at the same moment see each other. */
export async function readCapacity({ client, tableName }: Table): Promise<CapacityState> {
  const items: (Record<string, unknown> & { slot: string })[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: tableName,
      KeyConditionExpression: '#pool = :capacity',
      ExpressionAttributeNames: { '#pool': 'pool' },
      ExpressionAttributeValues: { ':capacity': CAPACITY_PARTITION },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) items.push(...(Items as typeof items));
  const startingWith = <Item>(prefix: string) =>
    items.filter(({ slot }) => slot.startsWith(prefix)) as unknown as readonly Item[];
  return {
    breaker: startingWith<Breaker>(BREAKER)[0],
    waiters: startingWith<Waiter>(WAITER),
    turns: startingWith<Turn>(TURN),
  };
}

/** Undefined where there has been room for a while. */
export async function getBreaker({ client, tableName }: Table): Promise<Breaker | undefined> {
  const Key = { pool: CAPACITY_PARTITION, slot: BREAKER };
  const { Item } = await client.send(new GetCommand({ TableName: tableName, Key }));
  return Item as Breaker | undefined;
}

export const putBreaker = (pool: Table, breaker: Breaker, at: Date): Promise<void> =>
  put(pool, BREAKER, breaker, at);

/** The waiter waits, or still waits. */
export const putWaiter = (pool: Table, waiter: Waiter, at: Date): Promise<void> =>
  put(pool, `${WAITER}${waiter.sessionId}`, waiter, at);

/** A project had its turn. Of two at once the last word holds: at worst it has one more. */
export const putTurn = (pool: Table, turn: Turn, at: Date): Promise<void> =>
  put(pool, `${TURN}${turn.projectId}`, turn, at);

export async function removeWaiter({ client, tableName }: Table, sessionId: string): Promise<void> {
  const Key = { pool: CAPACITY_PARTITION, slot: `${WAITER}${sessionId}` };
  await client.send(new DeleteCommand({ TableName: tableName, Key }));
}

async function put({ client, tableName }: Table, slot: string, item: object, at: Date): Promise<void> {
  const purgeAt = Math.ceil(at.getTime() / 1000) + KEPT_SECONDS;
  const Item = { ...item, pool: CAPACITY_PARTITION, slot, purgeAt };
  await client.send(new PutCommand({ TableName: tableName, Item }));
}
