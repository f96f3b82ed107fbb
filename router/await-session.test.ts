import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Address } from '../core/domain/session.ts';
import { createManualClock } from '../core/testing/manual-clock.ts';
import { createWaitingList } from './await-session.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

const ADDRESS: Address = { host: '10.0.0.1', port: 9223 };
const NOBODY = new AbortController().signal;
const sessionOf = (sessionId: string) => ({ sessionId, projectId: 'p1' });
const settled = () => new Promise((resolve) => setImmediate(resolve));

function use(options: { maxWaiting?: number; perSession?: number; readyWaitMs?: number } = {}) {
  const clock = createManualClock();
  const state = { found: undefined as Address | Error | undefined, reads: [] as string[] };
  const startedAtMs = clock.now();
  const list = createWaitingList({
    look: async ({ sessionId }) => {
      state.reads.push(`${sessionId} at ${clock.now() - startedAtMs}`);
      if (state.found instanceof Error) throw state.found;
      return state.found;
    },
    clock,
    readyWaitMs: options.readyWaitMs ?? 10_000,
    maxWaiting: options.maxWaiting ?? 100,
    limits: { maxWaitingPerSession: options.perSession ?? 100, firstPollMs: 100, lastPollMs: 1000 },
  });
  /** Lets time pass, a poll at a time. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(50);
      await settled();
    }
  };
  const join = (sessionId = 's1', signal = NOBODY) => list.join(sessionOf(sessionId), signal);
  return { clock, state, list, pass, join };
}
const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'found',
    (error: unknown) => (error instanceof RefusedError ? error.refusal : error),
  );

const waiting = suite('createWaitingList');

waiting('reads after 100 ms, then twice as late each time, up to a second', async () => {
  const { state, pass, join } = use();
  const found = join();
  await pass(4000);
  assert.equal(
    state.reads,
    [100, 300, 700, 1500, 2500, 3500].map((ms) => `s1 at ${ms}`),
  );
  state.found = ADDRESS;
  await pass(1000);
  assert.equal(await found, ADDRESS);
});

waiting('one who comes later shares the reads of those before', async () => {
  const { state, list, pass, join } = use();
  const first = join();
  await pass(350);
  const second = join();
  state.found = ADDRESS;
  await pass(350);
  assert.equal(await Promise.all([first, second]), [ADDRESS, ADDRESS]);
  assert.is(state.reads.length, 3);
  assert.is(list.count(), 0);
});

waiting('sessions are read each by itself', async () => {
  const { state, pass, join } = use();
  const both = [join('s1'), join('s2')];
  await pass(100);
  assert.equal(state.reads, ['s1 at 100', 's2 at 100']);
  state.found = ADDRESS;
  await pass(200);
  await Promise.all(both);
});

waiting('is refused after its own time, not after that of the one before it', async () => {
  const { list, pass, join } = use({ readyWaitMs: 1000 });
  const first = reasonOf(join());
  await pass(600);
  const second = reasonOf(join());
  await pass(400);
  assert.is(await first, REFUSALS.notReady);
  assert.is(list.count(), 1);
  await pass(600);
  assert.is(await second, REFUSALS.notReady);
  assert.is(list.count(), 0);
});

waiting('nobody is read for when nobody waits any more, and no timer is left', async () => {
  const { clock, state, pass, join } = use();
  const gone = new AbortController();
  const reason = reasonOf(join('s1', gone.signal));
  await pass(100);
  gone.abort(new Error('gone'));
  assert.is(((await reason) as Error).message, 'gone');
  await pass(5000);
  assert.is(state.reads.length, 2, 'the one that was under way was the last');
  assert.is(clock.pending(), 0);
});

waiting('is refused at once when too many wait, of all or of one session', async () => {
  const { list, join } = use({ maxWaiting: 3, perSession: 2 });
  const held = [join('s1'), join('s1')];
  const refusalOf = (sessionId: string) => {
    try {
      held.push(join(sessionId));
    } catch (error) {
      return (error as RefusedError).refusal;
    }
    return undefined;
  };
  assert.is(refusalOf('s1'), REFUSALS.tooManyForSession);
  assert.is(refusalOf('s2'), undefined);
  assert.is(refusalOf('s3'), REFUSALS.tooManyWaiting);
  assert.is(list.count(), 3);
});

waiting('one who has gone makes room for another', async () => {
  const { list, pass, state, join } = use({ maxWaiting: 1 });
  const gone = new AbortController();
  const first = reasonOf(join('s1', gone.signal));
  gone.abort(new Error('gone'));
  await first;
  const second = join('s1');
  assert.is(list.count(), 1);
  state.found = ADDRESS;
  await pass(400);
  assert.equal(await second, ADDRESS);
});

waiting('a look that fails ends the wait of all, each with what it was', async () => {
  const { state, pass, join } = use();
  const both = [reasonOf(join()), reasonOf(join())];
  state.found = new RefusedError(REFUSALS.unknownSession);
  await pass(100);
  assert.equal(await Promise.all(both), [REFUSALS.unknownSession, REFUSALS.unknownSession]);
  state.found = ADDRESS;
  const again = join();
  await pass(100);
  assert.equal(await again, ADDRESS);
});

waiting.run();
