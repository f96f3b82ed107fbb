import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { purgeAtOf } from '../../domain/session.ts';
import { LAST_EVENT, type NewEvent } from '../../domain/session-event.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { TransactionBusyError } from '../dynamodb/transaction-busy-error.ts';
import { type EventItem, toSortKey } from './session-events-table.ts';

/** Whose events they are: the platform's, or those of the container with this id. */
export type Teller = 'platform' | { readonly containerId: string };

export interface Told {
  readonly by: Teller;
  readonly events: readonly NewEvent[];
}

/** Whose events: what each of them says of itself as well. */
export type EventOwner = Pick<EventItem, 'sessionId' | 'projectId'>;

type LastItem = Pick<EventItem, 'type' | 'platform' | 'containerId' | 'containerNumber'> & {
  readonly sequence: number;
};

const NOTHING: LastItem = {
  sequence: 0,
  type: 'session.created',
  platform: 0,
  containerId: '',
  containerNumber: 0,
};
// Two tell at the same moment at most: the stream and one container.
const MAX_LOST_RACES = 20;
const DAY_SECONDS = 86_400;

/**
 * Puts events at the end of a session's, each once, whoever tells and however often. There is no counter: an event takes
 * the place after the last one, if nobody else has taken it meanwhile. So no place is left empty for a later one, and who
 * has read up to one has read all before it.
 */
export async function appendEvents(
  table: Table,
  { sessionId, projectId }: EventOwner,
  told: readonly Told[],
): Promise<void> {
  const owner = { sessionId, projectId };
  for (let lost = 0; lost <= MAX_LOST_RACES; lost++) {
    if (await appendAfter(table, owner, told, await readLast(table, sessionId))) return;
  }
  throw new TransactionBusyError(`Every place for an event of session ${sessionId} was taken`);
}

/** False when somebody else has written meanwhile. */
async function appendAfter(
  table: Table,
  owner: EventOwner,
  told: readonly Told[],
  found: LastItem,
): Promise<boolean> {
  let last = found;
  const all = told.flatMap(({ by, events }) => events.map((event) => ({ by, event })));
  for (const { by, event } of all) {
    if (last.type === LAST_EVENT) return true;
    if (event.number <= positionOf(by, last)) continue;
    const next = itemAfter(last, owner, by, event);
    if (!(await putIfFree(table, next))) return false;
    last = { ...next, sequence: Number(next.sequence) };
  }
  return true;
}

const positionOf = (by: Teller, last: LastItem): number => {
  if (by === 'platform') return last.platform;
  return by.containerId === last.containerId ? last.containerNumber : 0;
};

function itemAfter(last: LastItem, owner: EventOwner, by: Teller, event: NewEvent): EventItem {
  const { number, at, type, data } = event;
  const { platform, containerId, containerNumber } = last;
  return {
    ...owner,
    sequence: toSortKey(last.sequence + 1),
    at,
    type,
    data,
    ...(by === 'platform'
      ? { platform: number, containerId, containerNumber }
      : { platform, containerId: by.containerId, containerNumber: number }),
    // A day later than the session's own: that is counted from its end.
    purgeAt: purgeAtOf(at) + DAY_SECONDS,
  };
}

/** From the table's newest state: an older one would only lose the race. */
async function readLast({ client, tableName }: Table, sessionId: string): Promise<LastItem> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'sessionId = :sessionId',
      ExpressionAttributeValues: { ':sessionId': sessionId },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: true,
    }),
  );
  const [item] = Items as EventItem[];
  return item === undefined ? NOTHING : { ...item, sequence: Number(item.sequence) };
}

async function putIfFree({ client, tableName }: Table, Item: EventItem): Promise<boolean> {
  try {
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item,
        ConditionExpression: 'attribute_not_exists(#sequence)',
        ExpressionAttributeNames: { '#sequence': 'sequence' },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
