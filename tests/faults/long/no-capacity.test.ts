/**
 * ECS has no room for a while, by each of its words, or for longer than a create waits: creates wait in turn, and start when
 * there is room; or they are 503 with the reason. ECS is asked now and then only, and by everybody again when it has room.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCapacity } from '../../../core/aws/pool/capacity-queue.ts';
import { getProject } from '../../../core/aws/projects/get-project.ts';
import { listProjectSessions } from '../../../core/aws/sessions/list-sessions.ts';
import { isOpen } from '../../../core/domain/capacity-breaker.ts';
import { LIVE_STATUSES } from '../../../core/domain/session.ts';
import { CAPACITY } from '../../../core/domain/timing.ts';
import {
  type AwsFault,
  type DeployedFunctions,
  openDeployedFunctions,
} from '../../contract/support/deployed-functions.ts';
import { until } from '../../e2e/support/until.ts';
import { type Seed, seed } from '../support/functions-world.ts';
import { reportContainers } from '../support/reporting-containers.ts';

/** For its room, and then for its browser. */
const ROOM_WAIT_MS = 12_000;
const WAITERS = 4;

let functions: DeployedFunctions;
let containers: ReturnType<typeof reportContainers>;
const figures = { creates: 0, refused: 0, asks: 0, worstRecoveryMs: 0 };

const t = suite('ECS has no room');
t.before(async () => {
  functions = await openDeployedFunctions();
  // Before the function is loaded.
  process.env.READY_WAIT_MS = String(CAPACITY.startReserveMs + ROOM_WAIT_MS);
  containers = reportContainers(functions);
});
t.after.each(() => functions.setFault(undefined));
t.after(async () => {
  containers.stop();
  console.log(JSON.stringify(figures));
  await functions.close();
});

async function create({ projectId, contextId }: Seed) {
  figures.creates += 1;
  const body = { browserSettings: { context: { id: contextId, persist: true } } };
  const asked = { method: 'POST', route: '/v1/sessions', projectId, body };
  const answer = JSON.parse(await functions.streamText('create-session', asked));
  return answer as { readonly id?: string; readonly statusCode?: number; readonly message?: string };
}

/** From now on; answers how often it was asked. */
function refuse(fault: AwsFault): { readonly asks: () => number } {
  let asks = 0;
  functions.setFault((call) => {
    if (call !== 'RunTask') return undefined;
    asks += 1;
    figures.asks += 1;
    return fault;
  });
  return { asks: () => asks };
}

const capacity = () => readCapacity(functions.tables.warmPool);

async function requireNothingHalfMade({ projectId, sessionId }: Seed, live: number): Promise<void> {
  const { sessions, projects } = functions.tables;
  const listed = await listProjectSessions(sessions, projectId, { statuses: LIVE_STATUSES, limit: 100 });
  assert.is(listed.sessions.filter((each) => each.sessionId !== sessionId).length, live);
  // And the one that was there before.
  assert.is((await getProject(projects, projectId))?.running, live + 1);
  assert.equal((await capacity()).waiters, [], 'nobody waits any more');
}

/** Nobody has said a word for so long. */
const breakerCloses = () =>
  until(
    'the breaker has closed',
    async () => !isOpen((await capacity()).breaker, new Date()),
    CAPACITY.rememberedMs + 2 * CAPACITY.refusedMaxMs,
  );

for (const fault of ['not-placed', 'no-capacity'] as const) {
  t(
    `for a while (${fault}): creates of two projects wait in turn and start, and the breaker closes`,
    async () => {
      const worlds = [await seed(functions), await seed(functions)] as const;
      const { asks } = refuse(fault);
      const asked = Array.from({ length: WAITERS }, (_, i) => create(worlds[i % 2] as Seed));
      await until('all of them wait', async () => (await capacity()).waiters.length === WAITERS);
      assert.ok(isOpen((await capacity()).breaker, new Date()), 'the breaker is open');
      const asksBefore = asks();
      const openedAt = Date.now();
      await until('ECS is asked twice more', async () => asks() >= asksBefore + 2);
      assert.ok(Date.now() - openedAt >= CAPACITY.refusedFirstMs, 'by one of them, now and then');
      functions.setFault(undefined);
      const liftedAt = Date.now();
      const answers = await Promise.all(asked);
      figures.worstRecoveryMs = Math.max(figures.worstRecoveryMs, Date.now() - liftedAt);
      assert.equal(
        answers.map(({ statusCode, message }) => statusCode ?? message),
        answers.map(() => undefined),
      );
      for (const world of worlds) await requireNothingHalfMade(world, WAITERS / 2);
      await breakerCloses();
      assert.is((await create(worlds[0])).statusCode, undefined, 'at once again');
    },
  );

  t(`for longer than a create waits (${fault}): 503 with the reason, and nothing half made`, async () => {
    const world = await seed(functions);
    const { asks } = refuse(fault);
    const startedAt = Date.now();
    const answers = await Promise.all([create(world), create(world)]);
    const tookMs = Date.now() - startedAt;
    for (const { statusCode, message = '' } of answers) {
      figures.refused += 1;
      assert.is(statusCode, 503);
      assert.match(message, /^No container could be started for session [\w-]+: /);
      assert.match(message, /RESOURCE:CPU|Capacity is unavailable|other creates wait as well/);
    }
    assert.ok(tookMs < ROOM_WAIT_MS + 3 * CAPACITY.lookEveryMs, `${tookMs} ms`);
    assert.ok(asks() <= 6, `${asks()} asks`);
    functions.setFault(undefined);
    await requireNothingHalfMade(world, 0);
    await breakerCloses();
    assert.is((await create(world)).statusCode, undefined);
  });
}

for (const fault of ['throttled', 'failed'] as const)
  t(
    `and ${fault === 'failed' ? 'fails' : 'throttles'} for a while: a create tries again and starts`,
    async () => {
      const world = await seed(functions);
      let left = 3;
      functions.setFault((call) => (call === 'RunTask' && left-- > 0 ? fault : undefined));
      const startedAt = Date.now();
      assert.is((await create(world)).statusCode, undefined);
      figures.worstRecoveryMs = Math.max(figures.worstRecoveryMs, Date.now() - startedAt);
      await requireNothingHalfMade(world, 1);
      assert.is(isOpen((await capacity()).breaker, new Date()), false, 'that is no want of room');
    },
  );

t.run();
