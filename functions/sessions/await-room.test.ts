import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TaskNotPlacedError } from '../../core/aws/browsers/run-browser-task.ts';
import type { Breaker } from '../../core/domain/capacity-breaker.ts';
import type { Turn, Waiter } from '../../core/domain/fair-queue.ts';
import { CAPACITY } from '../../core/domain/timing.ts';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { awaitRoom, type CapacityQueue } from './await-room.ts';

/** ECS with room for `room` containers, and the table through which the creates that wait know of each other. */
function createPlatform(room: number) {
  const clock = createManualClock();
  const waiters = new Map<string, Waiter>();
  const turns = new Map<string, Turn>();
  let breaker: Breaker | undefined;
  let running = 0;
  const seen = { asked: 0, most: 0, started: [] as string[] };
  const capacity: CapacityQueue = {
    getBreaker: async () => breaker,
    read: async () => ({ breaker, waiters: [...waiters.values()], turns: [...turns.values()] }),
    putBreaker: async (next) => {
      breaker = next;
    },
    putWaiter: async (waiter) => void waiters.set(waiter.sessionId, waiter),
    removeWaiter: async (sessionId) => void waiters.delete(sessionId),
    putTurn: async (turn) => void turns.set(turn.projectId, turn),
  };
  const breakTable = (...calls: readonly (keyof CapacityQueue)[]) => {
    const throttled = () => Promise.reject(new Error('throttled'));
    Object.assign(capacity, Object.fromEntries(calls.map((call) => [call, throttled])));
  };
  const free = () => {
    running -= 1;
  };
  const start = async (sessionId: string, livesMs?: number) => {
    seen.asked += 1;
    if (running >= room) throw new TaskNotPlacedError('RESOURCE:MEMORY');
    running += 1;
    seen.most = Math.max(seen.most, running);
    seen.started.push(sessionId);
    if (livesMs !== undefined) clock.setTimer(livesMs, free);
    return `arn:${sessionId}`;
  };
  return {
    clock,
    seen,
    waiters,
    free,
    breakTable,
    create: (sessionId: string, options: { livesMs?: number; isWanted?: () => boolean } = {}) =>
      awaitRoom(
        { capacity, clock, logger: createLogger({}, () => {}) },
        {
          session: { sessionId, projectId: sessionId.slice(0, 1) },
          untilMs: clock.now() + 25_000,
          isWanted: async () => options.isWanted?.() ?? true,
          start: () => start(sessionId, options.livesMs),
        },
      ),
    /** Time passes, and everybody does what is due. */
    async pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += 250) {
        clock.advance(250);
        for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
      }
    },
  };
}

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => `${error.name}: ${error.message}`,
  );

const rooms = suite('a create and the room for its container');

rooms('starts at once where there is room, and waits for nobody', async () => {
  const { create, seen, waiters } = createPlatform(2);
  assert.equal(await Promise.all([create('a1'), create('b1')]), ['arn:a1', 'arn:b1']);
  assert.equal([seen.asked, waiters.size], [2, 0]);
});

rooms('waits where there is none, and starts when there is', async () => {
  const { create, free, pass, waiters } = createPlatform(1);
  await create('a1');
  const second = create('b1');
  await pass(3_000);
  assert.is(waiters.size, 1);
  free();
  await pass(CAPACITY.refusedMaxMs + 1_000);
  assert.is(await second, 'arn:b1');
  assert.is(waiters.size, 0);
});

rooms('is refused with the reason when there is none for all of its time, and leaves the queue', async () => {
  const { create, pass, waiters } = createPlatform(0);
  const refused = refusalOf(create('a1'));
  await pass(27_000);
  assert.is(await refused, 'TaskNotPlacedError: RESOURCE:MEMORY');
  assert.is(waiters.size, 0);
});

rooms('stops waiting when nobody wants it any more', async () => {
  const { create, pass, waiters, seen } = createPlatform(0);
  let isWanted = true;
  const left = create('a1', { isWanted: () => isWanted });
  await pass(2_000);
  isWanted = false;
  await pass(1_500);
  assert.is(await left, undefined);
  const { asked } = seen;
  await pass(10_000);
  assert.equal([waiters.size, seen.asked], [0, asked]);
});

rooms('does not pass over who waits already', async () => {
  const { create, free, pass, seen } = createPlatform(1);
  await create('a1');
  const first = create('b1');
  await pass(1_000);
  free();
  const second = refusalOf(create('c1'));
  await pass(10_000);
  assert.is(await first, 'arn:b1');
  assert.equal(seen.started, ['a1', 'b1']);
  await pass(20_000);
  assert.match(await second, 'TaskNotPlacedError');
});

rooms('hands other failures on, and leaves the queue', async () => {
  const { create, pass, waiters, clock } = createPlatform(0);
  const reasons = [new TaskNotPlacedError('RESOURCE:CPU'), new Error('denied')];
  const failing = awaitRoom(
    {
      capacity: {
        getBreaker: async () => undefined,
        read: async () => ({ breaker: undefined, waiters: [...waiters.values()], turns: [] }),
        putBreaker: async () => {},
        putWaiter: async (waiter) => void waiters.set(waiter.sessionId, waiter),
        removeWaiter: async (sessionId) => void waiters.delete(sessionId),
        putTurn: async () => {},
      },
      clock,
      logger: createLogger({}, () => {}),
    },
    {
      session: { sessionId: 'x1', projectId: 'x' },
      untilMs: clock.now() + 25_000,
      isWanted: async () => true,
      start: async () => {
        throw reasons.shift();
      },
    },
  );
  assert.is(await refusalOf(failing), 'Error: denied');
  assert.is(waiters.size, 0);
  const other = refusalOf(create('a1'));
  await pass(27_000);
  assert.match(await other, 'TaskNotPlacedError');
});

rooms(
  'of 300 creates at once over 10 projects, each project gets its share, in the order of its creates',
  async () => {
    const { create, pass, seen } = createPlatform(20);
    const projects = [...'abcdefghij'];
    // All of a project's before the next project's: first come, first served would serve the first three alone.
    const creates = projects.flatMap((project) =>
      Array.from({ length: 30 }, (_, n) => refusalOf(create(`${project}${n + 10}`, { livesMs: 3_000 }))),
    );
    await pass(28_000);
    const outcomes = await Promise.all(creates);
    const served = outcomes.filter((outcome) => outcome === 'none').length;
    assert.is(seen.most, 20);
    assert.is(served, seen.started.length);
    assert.ok(served >= 80, `${served} of 300 got one of 20 places for 3 s each in 25 s`);
    const inTurn = seen.started.slice(20);
    const shares = projects.map((project) => inTurn.filter((id) => id.startsWith(project)).length);
    // Up to sixteen ask at once, and which of them get the last room is chance.
    assert.ok(Math.min(...shares) >= (0.6 * inTurn.length) / projects.length, `shares ${shares}`);
    // 300 that all asked every second would be 7,500 calls.
    assert.ok(seen.asked < 300 + 2 * served, `${seen.asked} calls`);
  },
);

rooms(
  'is found though its table cannot be read or written: a container that was started is kept',
  async () => {
    const { create, breakTable, seen, free, pass } = createPlatform(1);
    breakTable('getBreaker', 'putBreaker');
    assert.is(await create('a1'), 'arn:a1');
    const next = create('b1');
    await pass(2_000);
    breakTable('putTurn', 'removeWaiter');
    free();
    await pass(2_000);
    assert.is(await next, 'arn:b1');
    assert.equal(seen.started, ['a1', 'b1']);
  },
);

rooms('refuses for want of room, and for nothing else, while its table cannot be read', async () => {
  const { create, breakTable, pass } = createPlatform(0);
  breakTable('getBreaker', 'putBreaker', 'putWaiter', 'read', 'removeWaiter');
  const refusal = refusalOf(create('a1'));
  await pass(26_000);
  assert.is(await refusal, 'TaskNotPlacedError: RESOURCE:MEMORY');
});

rooms.run();
