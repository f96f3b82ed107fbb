import { randomUUID } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunningTask } from '../../core/aws/browsers/list-running-tasks.ts';
import type { Table } from '../../core/aws/dynamodb/document-client.ts';
import { transactWrite } from '../../core/aws/dynamodb/transact-write.ts';
import { claimItems } from '../../core/aws/pool/claim-warm.ts';
import { listDemand, recordCreate } from '../../core/aws/pool/demand.ts';
import { fillSlot } from '../../core/aws/pool/fill-slot.ts';
import { freeSlot } from '../../core/aws/pool/free-slot.ts';
import { getWarmClaim } from '../../core/aws/pool/get-warm-claim.ts';
import { getWarmContainer } from '../../core/aws/pool/get-warm-container.ts';
import { listWarmSlots } from '../../core/aws/pool/list-warm-slots.ts';
import { recordWarmAddress, recordWarmReady } from '../../core/aws/pool/record-warm-readiness.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { CONTAINER_START } from '../../core/domain/timing.ts';
import { WARM_SLOTS, type WarmContainer, warmSlot } from '../../core/domain/warm-container.ts';
import { newWarmContainer } from '../../core/testing/new-warm-container.ts';
import { openSessionTables, type SessionTables } from './support/session-tables.ts';
import { createKeeper } from './support/warm-pool.ts';

let tables: SessionTables;
let pool: Table;

const slots = suite('the warm pool, on a real DynamoDB API');

slots.before(async () => {
  tables = await openSessionTables();
  pool = tables.warmPool;
});

slots.before.each(async () => {
  for (const container of await listWarmSlots(pool)) await freeSlot(pool, container);
});

const now = () => new Date();
const facts = { address: { host: '10.0.0.1', port: 9223 }, taskArn: 'arn:task' };

/** A container that has just been started, in a slot of its own. */
async function starting(number = 1): Promise<WarmContainer> {
  const slot = warmSlot(number);
  const { taskArn, address, containerReadyAt, publicKey, availableAt, ...rest } = newWarmContainer({
    slot,
    warmId: `${slot}-${randomUUID()}`,
    status: 'STARTING',
  });
  assert.ok(await fillSlot(pool, rest));
  return rest;
}

async function available(number = 1): Promise<WarmContainer> {
  const { warmId } = await starting(number);
  await recordWarmReady(pool, warmId, 'key', now());
  const { applied, item } = await recordWarmAddress(pool, warmId, facts, now());
  assert.ok(applied);
  return item;
}

const claim = (container: WarmContainer, sessionId: string) =>
  transactWrite(pool.client, systemClock, [...claimItems(pool, container, { sessionId, at: now() })]).then(
    () => true,
    (error: Error) => {
      assert.is(error.name, 'TransactionCanceledException');
      return false;
    },
  );

slots('a slot is filled once, however many try', async () => {
  const filled = await Promise.all(
    Array.from({ length: 10 }, () => fillSlot(pool, newWarmContainer({ warmId: `w01-${randomUUID()}` }))),
  );
  assert.is(filled.filter(Boolean).length, 1);
});

slots('the two facts make a container available, in either order and at once', async () => {
  for (const order of ['ready first', 'address first', 'both at once']) {
    const { warmId, slot } = await starting();
    const ready = () => recordWarmReady(pool, warmId, 'key', now());
    const address = () => recordWarmAddress(pool, warmId, facts, now());
    if (order === 'both at once') await Promise.all([ready(), address()]);
    else for (const record of order === 'ready first' ? [ready, address] : [address, ready]) await record();
    const [container] = await listWarmSlots(pool);
    assert.is(container?.status, 'AVAILABLE', order);
    assert.equal(
      [container?.publicKey, container?.address, container?.taskArn],
      ['key', facts.address, 'arn:task'],
    );
    await freeSlot(pool, { slot, warmId });
  }
});

slots('a fact of a container whose slot is another’s is written nowhere', async () => {
  const old = await starting();
  await freeSlot(pool, old);
  const next = await starting();
  const late = await recordWarmReady(pool, old.warmId, 'key', now());
  assert.equal([late.applied, late.item?.warmId], [false, next.warmId]);
  assert.equal(await getWarmContainer(pool, next.warmId), next);
  assert.is(await getWarmContainer(pool, old.warmId), undefined);
  assert.is(await freeSlot(pool, old), undefined, 'nor is the slot freed by its end');
});

slots('of ten creates that want one container one has it', async () => {
  const container = await available();
  const wins = await Promise.all(Array.from({ length: 10 }, (_, index) => claim(container, `s${index}`)));
  assert.is(wins.filter(Boolean).length, 1);
  assert.is((await getWarmClaim(pool, container.warmId))?.sessionId, `s${wins.indexOf(true)}`);
  assert.equal(await listWarmSlots(pool), []);
});

slots('nobody claims a container that still starts, or that was taken out', async () => {
  const early = await starting();
  assert.not(await claim(early, 's1'));
  const gone = await available(2);
  await freeSlot(pool, gone);
  assert.not(await claim(gone, 's1'));
  assert.is(await getWarmClaim(pool, gone.warmId), undefined);
});

slots('whatever order facts, claim and stop come in, a container ends in one place', async () => {
  for (let round = 0; round < 30; round++) {
    const { warmId, slot } = await starting();
    let freed: WarmContainer | undefined;
    const steps = [
      () => recordWarmReady(pool, warmId, 'key', now()),
      () => recordWarmAddress(pool, warmId, facts, now()),
      () => claim({ ...newWarmContainer(), slot, warmId }, 's1'),
      async () => {
        freed = await freeSlot(pool, { slot, warmId });
      },
    ];
    // Every order of four has its turn, and the last rounds do all at once.
    const order = orders(steps)[round] ?? steps;
    if (round < 24) for (const step of order) await step();
    else await Promise.all(order.map((step) => step()));
    const claimed = await getWarmClaim(pool, warmId);
    const left = await getWarmContainer(pool, warmId);
    assert.is(left, undefined);
    assert.is((claimed !== undefined) !== (freed !== undefined), true, 'claimed, or freed by its end');
  }
});

const orders = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

slots('creates are counted by the minute, the cold ones among them', async () => {
  const at = new Date('2026-06-01T12:00:30.000Z');
  await Promise.all([true, false, true].map((isCold) => recordCreate(pool, { isCold, at })));
  await recordCreate(pool, { isCold: false, at: new Date('2026-06-01T12:01:00.000Z') });
  const minutes = await listDemand(pool, at);
  assert.equal(
    minutes.slice(0, 2).map(({ slot, creates, cold }) => [slot, creates, cold]),
    [
      ['2026-06-01T12:00Z', 3, 2],
      ['2026-06-01T12:01Z', 1, undefined],
    ],
  );
});

slots.run();

// ---

const keepers = suite('keepers of the warm pool, on a real DynamoDB API');
const cluster: { tasks: RunningTask[] } = { tasks: [] };

keepers.after(() => tables.close());

keepers.before.each(async () => {
  cluster.tasks.length = 0;
  for (const container of await listWarmSlots(pool)) await freeSlot(pool, container);
});

keepers('two at once start one container in each slot', async () => {
  await Promise.all(Array.from({ length: 4 }, () => createKeeper(pool, cluster)({})));
  const filled = await listWarmSlots(pool);
  assert.equal(
    filled.map(({ slot }) => slot),
    ['w01', 'w02', 'w03', 'w04', 'w05'],
  );
  assert.equal(
    cluster.tasks.map(({ startedBy }) => startedBy).sort(),
    filled.map(({ warmId }) => warmId).sort(),
  );
});

keepers('a claimed one is replaced, once, by two that hear of it', async () => {
  await createKeeper(pool, cluster)({});
  const [first] = await listWarmSlots(pool);
  assert.ok(first);
  await recordWarmReady(pool, first.warmId, 'key', now());
  const { item } = await recordWarmAddress(pool, first.warmId, facts, now());
  assert.ok(item && (await claim(item, 's1')));
  const removed = { eventName: 'REMOVE' as const, dynamodb: { Keys: { pool: { S: WARM_SLOTS } } } };
  await Promise.all([1, 2].map(() => createKeeper(pool, cluster)({ Records: [removed] })));
  assert.is((await listWarmSlots(pool)).length, 5);
  assert.is(cluster.tasks.length, 6, 'and the claimed one runs on');
});

keepers('without capacity the slots stay empty, and starts become rare', async () => {
  let attempts = 0;
  const runTask = async (): Promise<string> => {
    attempts += 1;
    throw new Error('Capacity is unavailable at this time');
  };
  for (let run = 0; run < 10; run++) await createKeeper(pool, cluster, { runTask })({});
  assert.equal(await listWarmSlots(pool), []);
  assert.is(attempts, 5, 'those of the first run');
  const later = (seconds: number) => () => new Date(Date.now() + seconds * 1000);
  await createKeeper(pool, cluster, { runTask, now: later(300) })({});
  assert.is(attempts, 6, 'and one to see whether it is over');
});

keepers('a container that never comes up is taken out, and its task stopped', async () => {
  const sizes = { min: 1, max: 1, schedule: [] };
  const at = (ms: number) => () => new Date(Date.parse('2027-01-01T00:00:00Z') + ms);
  await createKeeper(pool, cluster, { sizes, now: at(0) })({});
  assert.is(cluster.tasks.length, 1);
  await createKeeper(pool, cluster, { sizes, now: at(CONTAINER_START.limitMs + 1) })({});
  assert.equal([await listWarmSlots(pool), cluster.tasks], [[], []]);
});

keepers('two that end too many at once end one that is claimed meanwhile by nobody', async () => {
  const container = await available();
  const none = { sizes: { min: 0, max: 5, schedule: [] }, revision: container.revision };
  const late = () => new Date(Date.parse(container.startedAt) + 600_000);
  cluster.tasks.push({ taskArn: 'arn:task', startedBy: container.warmId, createdAt: late() });
  const keeper = () => createKeeper(pool, cluster, { ...none, now: late })({});
  const [isClaimed] = await Promise.all([claim(container, 's1'), keeper(), keeper()]);
  assert.equal(await listWarmSlots(pool), []);
  assert.is(cluster.tasks.length, isClaimed ? 1 : 0);
});

keepers.run();
