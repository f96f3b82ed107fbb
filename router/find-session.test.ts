import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionRoute } from '../core/aws/sessions/get-session-route.ts';
import { systemClock } from '../core/clock/system-clock.ts';
import { createSessionFinder } from './find-session.ts';
import { RefusedError } from './refusals.ts';

const address = { host: '10.0.0.1', port: 9223 };
const starting: SessionRoute = { projectId: 'p1', status: 'STARTING' };
const ready: SessionRoute = { projectId: 'p1', status: 'READY', address };
const session = { sessionId: 's1', projectId: 'p1' };
const noSignal = new AbortController().signal;

function finderOf(options: { maxWaiting?: number; perSession?: number; readyWaitMs?: number } = {}) {
  const table = { route: starting as SessionRoute | Error, reads: 0 };
  const finder = createSessionFinder({
    getRoute: async () => {
      table.reads += 1;
      if (table.route instanceof Error) throw table.route;
      return table.route;
    },
    clock: systemClock,
    readyWaitMs: options.readyWaitMs ?? 10_000,
    maxWaiting: options.maxWaiting ?? 100,
    limits: { maxWaitingPerSession: options.perSession ?? 100, firstPollMs: 1, lastPollMs: 4 },
  });
  return { table, find: (signal = noSignal) => finder.find(session, signal), finder };
}

const statusOf = async (promise: Promise<unknown>): Promise<number> => {
  const error = await promise.then(
    () => assert.unreachable('it was found'),
    (reason: unknown) => reason,
  );
  return error instanceof RefusedError ? error.refusal.status : (assert.unreachable(String(error)) ?? 0);
};

const found = suite('createSessionFinder');

found('gives the address of a session that is ready, with one read', async () => {
  const { table, find } = finderOf();
  table.route = ready;
  assert.equal(await find(), address);
  table.route = { ...ready, status: 'ACTIVE' };
  assert.equal(await find(), address);
  assert.is(table.reads, 2);
});

found('all who wait for one session are notified at once, and share the reads', async () => {
  const { table, find, finder } = finderOf();
  const waiting = Array.from({ length: 50 }, () => find());
  while (finder.waitingCount() < 50 || table.reads < 55) await new Promise(setImmediate);
  const before = table.reads;
  table.route = ready;
  assert.equal(await Promise.all(waiting), Array(50).fill(address));
  assert.ok(table.reads <= before + 2, `${table.reads - before} reads for 50 clients`);
  assert.is(finder.waitingCount(), 0);
});

found('a session that ends while one waits is refused as ended', async () => {
  const { table, find, finder } = finderOf();
  const waiting = statusOf(find());
  while (finder.waitingCount() === 0) await new Promise(setImmediate);
  table.route = { projectId: 'p1', status: 'FAILED', endReason: 'start_failed' };
  assert.is(await waiting, 410);
});

found('a read that fails ends the waiting, and the next one can wait again', async () => {
  const { table, find, finder } = finderOf();
  const waiting = find();
  while (finder.waitingCount() === 0) await new Promise(setImmediate);
  table.route = new Error('no table');
  await waiting.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'no table'),
  );
  table.route = starting;
  const again = find();
  while (finder.waitingCount() === 0) await new Promise(setImmediate);
  table.route = ready;
  assert.equal(await again, address);
});

found('each waits its own time', async () => {
  const { find, finder } = finderOf({ readyWaitMs: 20 });
  assert.equal(await Promise.all([statusOf(find()), statusOf(find())]), [504, 504]);
  assert.is(finder.waitingCount(), 0);
});

found('so many may wait, and so many for one session', async () => {
  for (const limit of [{ maxWaiting: 1 }, { perSession: 1 }]) {
    const { table, find, finder } = finderOf(limit);
    const waiting = find();
    while (finder.waitingCount() === 0) await new Promise(setImmediate);
    assert.is(await statusOf(find()), 429);
    table.route = ready;
    assert.equal(await waiting, address);
  }
});

found('who has gone waits no more', async () => {
  const { find, finder } = finderOf();
  const gone = new AbortController();
  const waiting = find(gone.signal);
  while (finder.waitingCount() === 0) await new Promise(setImmediate);
  gone.abort(new Error('gone'));
  await waiting.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'gone'),
  );
  assert.is(finder.waitingCount(), 0);
});

found.run();
