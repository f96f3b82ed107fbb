import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WARM_VARIABLES } from '../../core/domain/container-environment.ts';
import { WARM } from '../../core/domain/timing.ts';
import type { WarmContainer } from '../../core/domain/warm-container.ts';
import { minuteOf } from '../../core/domain/warm-demand.ts';
import { newWarmContainer } from '../../core/testing/new-warm-container.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import { KeepError, type KeepPoolDeps, keepPool } from './keep-pool.ts';
import type { KeeperEvent } from './keeper-event.ts';

const NOW = new Date('2026-06-01T00:30:00.000Z');
const UUID = '00000000-0000-4000-8000-000000000009';
const keySet = rotateKeySet(undefined, NOW);

/** One run of a keeper that wants one container, and what it did. */
async function run(changes: Partial<KeepPoolDeps> = {}, event: KeeperEvent = {}) {
  const calls: string[] = [];
  const started: Readonly<Record<string, string>>[] = [];
  const filled: WarmContainer[] = [];
  const log = recordLog();
  const outcome = await keepPool({
    logger: log.logger,
    now: () => NOW,
    newId: () => UUID,
    sizes: { min: 1, max: 2, schedule: [] },
    vcpuQuota: 10,
    warmCpuUnits: 1_024,
    revision: 'browser:1',
    apiUrl: 'http://api',
    loadTokenKeys: async () => keySet,
    listSlots: async () => {
      calls.push('list');
      return [];
    },
    listRunningTasks: async () => [],
    listDemand: async () => [],
    fillSlot: async (container) => {
      filled.push(container);
      calls.push(`fill ${container.slot}`);
      return true;
    },
    freeSlot: async (container) => {
      calls.push(`free ${container.slot}`);
      return container;
    },
    runTask: async (warmId, environment) => {
      started.push(environment);
      calls.push(`run ${warmId}`);
      return 'arn:task';
    },
    stopTask: async (taskArn) => void calls.push(`stop ${taskArn}`),
    recordStarts: async (starts) => void calls.push(`starts ${starts}`),
    recordFailure: async () => void calls.push('failure'),
    ...changes,
  })(event).catch((error: Error) => error);
  return { calls, started, filled, outcome, lines: log.lines() };
}

const keeping = suite('keepPool');

keeping('names the container in its slot before it starts it', async () => {
  const { calls, filled, outcome } = await run();
  assert.equal(calls, ['list', 'fill w01', `run w01-${UUID}`, 'starts 1']);
  assert.equal(filled[0], {
    pool: 'slots',
    slot: 'w01',
    warmId: `w01-${UUID}`,
    status: 'STARTING',
    startedAt: NOW.toISOString(),
    expiresAt: '2026-06-01T01:30:00.000Z',
    revision: 'browser:1',
    tokenKeyId: keySet.current,
  });
  assert.equal(outcome, { batchItemFailures: [] });
});

keeping(
  'tells it who it is, until when, and where the platform is; with a token of its own and public keys',
  async () => {
    const [environment = {}] = (await run()).started;
    const { warmToken, tokenPublicKeys } = WARM_VARIABLES;
    const { [warmToken]: token = '', [tokenPublicKeys]: publicKeys = '', ...others } = environment;
    assert.equal(others, {
      WARM_ID: `w01-${UUID}`,
      WARM_UNTIL: '2026-06-01T01:35:00.000Z',
      CONTAINER_API_URL: 'http://api',
    });
    assert.equal(JSON.parse(publicKeys), publicKeysOf(keySet));
    const claims = verifyToken(publicKeysOf(keySet), token, { audience: 'warm', now: NOW });
    assert.is(claims.sessionId, `w01-${UUID}`);
    assert.is(claims.expiresAt.getTime(), NOW.getTime() + WARM.maxAgeMs + WARM.overdueMs);
  },
);

keeping('starts nothing in a slot that another keeper has just filled', async () => {
  const { calls } = await run({ fillSlot: async () => false });
  assert.equal(calls, ['list']);
});

keeping('notes a start that failed before it frees the slot, which calls the next run', async () => {
  const runTask = async () => {
    throw new Error('Capacity is unavailable');
  };
  const { calls, outcome } = await run({ runTask });
  assert.equal(calls, ['list', 'fill w01', 'failure', 'free w01', 'starts 1']);
  assert.equal(outcome, { batchItemFailures: [] }, 'no fault of the keeper');
});

keeping(
  'takes one out of the pool before it stops it, and lets it be when it was claimed meanwhile',
  async () => {
    const old = newWarmContainer({ tokenKeyId: 'dropped' });
    const listSlots = async () => [old];
    assert.equal(
      (await run({ listSlots })).calls.slice(0, 4).filter((call) => /free|stop/.test(call)),
      ['free w01', 'stop arn:w01'],
    );
    const { calls } = await run({ listSlots, freeSlot: async () => undefined });
    assert.equal(
      calls.filter((call) => call.startsWith('stop')),
      [],
    );
  },
);

keeping('leaves its room to the sessions that run', async () => {
  const task = (startedBy: string) => ({ taskArn: startedBy, startedBy, createdAt: NOW });
  const listRunningTasks = async () => ['a', 'b'].map(task);
  assert.equal((await run({ listRunningTasks, vcpuQuota: 2 })).filled, []);
  assert.is((await run({ listRunningTasks, vcpuQuota: 3 })).filled.length, 1);
  const large = async () => ['a', 'b'].map((startedBy) => ({ ...task(startedBy), cpuUnits: 2_048 }));
  assert.equal((await run({ listRunningTasks: large, vcpuQuota: 4 })).filled, []);
  assert.is((await run({ listRunningTasks: large, vcpuQuota: 5 })).filled.length, 1);
  assert.equal((await run({ listRunningTasks: large, vcpuQuota: 5, warmCpuUnits: 2_048 })).filled, []);
});

keeping('does the rest when a part fails, and then says so', async () => {
  const stopTask = async () => {
    throw new Error('throttled');
  };
  const listSlots = async () => [newWarmContainer({ tokenKeyId: 'dropped' })];
  const { calls, outcome } = await run({ listSlots, stopTask });
  assert.instance(outcome, KeepError);
  assert.ok(calls.includes(`run w02-${UUID}`));
});

const change = (eventName: 'INSERT' | 'MODIFY' | 'REMOVE', pool: string): KeeperEvent => ({
  Records: [{ eventName, dynamodb: { Keys: { pool: { S: pool } } } }],
});

keeping('runs for a slot that became free, and for nothing else that is written to the table', async () => {
  assert.is((await run({}, change('REMOVE', 'slots'))).calls[0], 'list');
  for (const event of [
    change('INSERT', 'slots'),
    change('MODIFY', 'slots'),
    change('REMOVE', 'demand'),
    change('INSERT', 'claims'),
  ])
    assert.equal((await run({}, event)).calls, []);
});

keeping('says how the pool is, and by the schedule what was asked of it a minute ago', async () => {
  const slot = minuteOf(new Date(NOW.getTime() - 60_000));
  const listDemand = async () => [{ pool: 'demand' as const, slot, creates: 3, cold: 1, purgeAt: 1 }];
  const told = ({ lines }: { lines: readonly Record<string, unknown>[] }) =>
    lines.filter(({ message }) => String(message).startsWith('warm pool') || message === 'warm demand');
  const [pool, demand] = told(await run({ listDemand }));
  assert.equal([pool?.available, pool?.starting, pool?.wanted, pool?.empty], [0, 0, 2, 1]);
  assert.equal([demand?.creates, demand?.claimed, demand?.cold], [3, 2, 1]);
  assert.is(told(await run({ listDemand }, change('REMOVE', 'slots'))).length, 1, 'each minute counts once');
});

keeping.run();
