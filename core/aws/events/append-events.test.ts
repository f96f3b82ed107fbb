import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NewEvent } from '../../domain/session-event.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { TransactionBusyError } from '../dynamodb/transaction-busy-error.ts';
import { failureOf } from '../testing/fake-client.ts';
import { appendEvents, type Told } from './append-events.ts';
import { type EventItem, toSessionEvent } from './session-events-table.ts';

const owner = { sessionId: 's1', projectId: 'p1' };
const at = '2026-06-01T00:00:00.000Z';
const platform = (...numbers: number[]): Told => ({
  by: 'platform',
  events: numbers.map((number) => ({
    number,
    at,
    type: (['session.created', 'session.claimed', 'session.ready', 'session.ended'] as const)[
      number - 1
    ] as NewEvent['type'],
    data: {},
  })),
});
const container = (containerId: string, ...numbers: number[]): Told => ({
  by: { containerId },
  events: numbers.map((number) => ({ number, at, type: 'client.connected', data: { clients: number } })),
});

/** A small generator of its own: a failure can be run again by its seed. */
function createRandom(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One partition of a table. `between` runs before each call is applied; what `loses` says is applied, and its answer lost. */
function createTable({
  between = async () => {},
  loses = () => false,
}: {
  between?: () => Promise<void>;
  loses?: () => boolean;
} = {}) {
  const items = new Map<string, EventItem>();
  const sorted = () => [...items.values()].toSorted((a, b) => (a.sequence < b.sequence ? -1 : 1));
  const send = async (command: { input: Record<string, unknown> }) => {
    await between();
    const { Item } = command.input as { Item?: EventItem };
    if (Item === undefined) return { Items: sorted().slice(-1) };
    if (items.has(Item.sequence)) throw new ConditionalCheckFailedException({ message: '', $metadata: {} });
    items.set(Item.sequence, Item);
    if (loses()) throw new Error('the answer was lost');
    return {};
  };
  return { table: { client: { send }, tableName: 't' } as unknown as Table, sorted };
}

const append = suite('appendEvents');

append('numbers the events of a session without a gap, in order', async () => {
  const { table, sorted } = createTable();
  await appendEvents(table, owner, [platform(1, 3), container('w', 1, 2)]);
  await appendEvents(table, owner, [container('w', 3)]);
  assert.equal(
    sorted().map((item) => [item.sequence, toSessionEvent(item).type, item.data]),
    [
      ['00000001', 'session.created', {}],
      ['00000002', 'session.ready', {}],
      ['00000003', 'client.connected', { clients: 1 }],
      ['00000004', 'client.connected', { clients: 2 }],
      ['00000005', 'client.connected', { clients: 3 }],
    ],
  );
});

append('stores what is told twice once, whoever told something between', async () => {
  const { table, sorted } = createTable();
  for (const told of [container('w', 1), platform(1), container('w', 1, 2), platform(1), container('w', 2)])
    await appendEvents(table, owner, [told]);
  assert.equal(
    sorted().map(({ platform: first, containerNumber }) => [first, containerNumber]),
    [
      [0, 1],
      [1, 1],
      [1, 2],
    ],
  );
});

append('takes the first event of a second container for one of its own', async () => {
  const { table, sorted } = createTable();
  await appendEvents(table, owner, [container('w01', 1, 2)]);
  await appendEvents(table, owner, [container('w02', 1)]);
  assert.is(sorted().length, 3);
});

append('lets nothing follow the end', async () => {
  const { table, sorted } = createTable();
  await appendEvents(table, owner, [platform(1, 4)]);
  await appendEvents(table, owner, [container('w', 1), platform(3)]);
  assert.equal(
    sorted().map(({ type }) => type),
    ['session.created', 'session.ended'],
  );
});

append('gives up where every place is taken, instead of trying for ever', async () => {
  let next = 0;
  const client = {
    send: async (command: { input: { Item?: object } }) => {
      if (command.input.Item === undefined)
        return { Items: [{ sequence: String(next++), type: 'page.opened', platform: 0 }] };
      throw new ConditionalCheckFailedException({ message: '', $metadata: {} });
    },
  };
  const told = appendEvents({ client, tableName: 't' } as unknown as Table, owner, [platform(1)]);
  assert.instance(await failureOf(told), TransactionBusyError);
});

/** Until it is heard, as a stream and a container do. */
async function untilHeard(attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if ((error as Error).message !== 'the answer was lost') throw error;
    }
  }
}

for (let seed = 1; seed <= 60; seed++) {
  append(`keeps order and number under races, repeats and lost answers (seed ${seed})`, async () => {
    const random = createRandom(seed);
    const { table, sorted } = createTable({
      // A random number of turns: calls of both tellers pass each other.
      between: async () => {
        for (let turns = random(6); turns > 0; turns--) await Promise.resolve();
      },
      loses: () => random(5) === 0,
    });
    const read: number[] = [];
    const tellPlatform = async () => {
      // A stream is read again from an earlier record, more than once.
      for (const upTo of [1, 2, 1, 3, 2, 3])
        await untilHeard(() =>
          appendEvents(table, owner, [platform(...[1, 2, 3].filter((number) => number <= upTo))]),
        );
    };
    const tellContainer = async () => {
      for (let from = 1; from <= 12; from += 1 + random(3))
        await untilHeard(() =>
          appendEvents(table, owner, [container('w', ...[from, from + 1, from + 2].filter((n) => n <= 12))]),
        );
    };
    /** Reads on from the last it has seen, meanwhile. */
    const follow = async () => {
      for (let look = 0; look < 40; look++) {
        const after = read.at(-1) ?? 0;
        read.push(
          ...sorted()
            .map(({ sequence }) => Number(sequence))
            .filter((sequence) => sequence > after),
        );
        for (let turns = random(8); turns > 0; turns--) await Promise.resolve();
      }
    };
    await Promise.all([tellPlatform(), tellContainer(), follow()]);
    await untilHeard(() => appendEvents(table, owner, [container('w', 12), platform(1, 2, 3, 4)]));
    const items = sorted();
    assert.equal(
      items.map(({ sequence }) => Number(sequence)),
      items.map((_, index) => index + 1),
      'without a gap',
    );
    const of = (isPlatform: boolean) =>
      items.filter(({ type }) => type.startsWith('session.') === isPlatform);
    assert.equal(
      of(true).map(({ type }) => type),
      platform(1, 2, 3, 4).events.map(({ type }) => type),
    );
    assert.equal(
      of(false).map(({ data }) => data.clients),
      container('w', ...Array.from({ length: 12 }, (_, index) => index + 1)).events.map(
        ({ number }) => number,
      ),
    );
    assert.is(items.at(-1)?.type, 'session.ended');
    assert.equal(
      read,
      items.slice(0, read.length).map(({ sequence }) => Number(sequence)),
      'a reader misses none',
    );
  });
}

append.run();
