import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HEARTBEAT } from '../../core/domain/timing.ts';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import type { PlatformView } from '../container-api/container-api.ts';
import { createHeartbeat } from './heartbeat.ts';

const ALIVE: PlatformView = { isOver: false, endReason: null, expiresAtMs: 0 };
const settled = () => new Promise((resolve) => setImmediate(resolve));

function start(answer: () => Promise<PlatformView>) {
  const clock = createManualClock();
  const counts: number[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const seen: { views: PlatformView[]; silences: number[] } = { views: [], silences: [] };
  let clients = 0;
  const heartbeat = createHeartbeat(
    {
      clock,
      logger: createLogger({}, () => {}),
      countClients: () => clients,
      api: {
        reportHeartbeat: (count, { signal } = {}) => {
          counts.push(count);
          signals.push(signal);
          return answer();
        },
      },
    },
    { intervalMs: 15_000 },
    { onView: (view) => seen.views.push(view), onSilence: (ms) => seen.silences.push(ms) },
  );
  heartbeat.start();
  return { clock, counts, signals, heartbeat, seen, setClients: (count: number) => (clients = count) };
}

const beat = suite('heartbeat');

beat('beats at its interval, with the number of clients', async () => {
  const { clock, counts, seen, setClients } = start(async () => ALIVE);
  setClients(2);
  clock.advance(15_000);
  await settled();
  clock.advance(14_999);
  assert.equal(counts, [2]);
  clock.advance(1);
  await settled();
  assert.equal(counts, [2, 2]);
  assert.equal(seen.views, [ALIVE, ALIVE]);
});

beat('says what has gone through the proxies of its session', async () => {
  const said: (number | undefined)[] = [];
  const clock = createManualClock();
  const heartbeat = createHeartbeat(
    {
      clock,
      logger: createLogger({}, () => {}),
      countClients: () => 0,
      proxyBytes: () => 7,
      api: {
        async reportHeartbeat(_, { proxyBytes } = {}) {
          said.push(proxyBytes);
          return ALIVE;
        },
      },
    },
    { intervalMs: 15_000 },
    { onView: () => undefined, onSilence: () => assert.unreachable() },
  );
  heartbeat.start();
  clock.advance(15_000);
  await settled();
  heartbeat.stop();
  assert.equal(said, [7]);
});

beat('beats at once when asked, and only once more while one is under way', async () => {
  const waiting: (() => void)[] = [];
  const { counts, heartbeat, setClients } = start(
    () => new Promise((resolve) => waiting.push(() => resolve(ALIVE))),
  );
  heartbeat.beatNow();
  setClients(1);
  heartbeat.beatNow();
  heartbeat.beatNow();
  assert.equal(counts, [0]);
  waiting[0]?.();
  await settled();
  assert.equal(counts, [0, 1]);
});

beat('goes on after failures, and gives up after a long silence', async () => {
  const { clock, counts, seen } = start(() => Promise.reject(new Error('down')));
  for (let elapsed = 0; elapsed < HEARTBEAT.silenceMs - 15_000; elapsed += 15_000) {
    clock.advance(15_000);
    await settled();
  }
  assert.equal(seen.silences, []);
  clock.advance(15_000);
  await settled();
  assert.is(seen.silences.length, 1);
  assert.is(counts.length, HEARTBEAT.silenceMs / 15_000);
});

beat('is still when stopped', async () => {
  const { clock, counts, heartbeat } = start(async () => ALIVE);
  heartbeat.stop();
  heartbeat.beatNow();
  clock.advance(60_000);
  await settled();
  assert.equal(counts, []);
  assert.is(clock.pending(), 0);
});

beat('forgives every silence with an answer', async () => {
  let isDown = true;
  const { clock, seen } = start(() => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(ALIVE)));
  const pass = async (ms: number) => {
    for (let elapsed = 0; elapsed < ms; elapsed += 15_000) {
      clock.advance(15_000);
      await settled();
    }
  };
  await pass(HEARTBEAT.silenceMs - 15_000);
  isDown = false;
  await pass(15_000);
  isDown = true;
  await pass(HEARTBEAT.silenceMs - 15_000);
  assert.equal(seen.silences, []);
  await pass(15_000);
  assert.equal(seen.silences, [HEARTBEAT.silenceMs]);
});

beat('does not let a slow answer make it beat twice', async () => {
  const waiting: (() => void)[] = [];
  const { clock, counts } = start(() => new Promise((resolve) => waiting.push(() => resolve(ALIVE))));
  clock.advance(15_000);
  clock.advance(60_000);
  assert.is(counts.length, 1);
  waiting[0]?.();
  await settled();
  clock.advance(14_999);
  assert.is(counts.length, 1, 'its interval begins with the answer');
  clock.advance(1);
  assert.is(counts.length, 2);
});

beat('counts its interval from the beat that was asked for', async () => {
  const { clock, counts, heartbeat } = start(async () => ALIVE);
  clock.advance(10_000);
  heartbeat.beatNow();
  await settled();
  clock.advance(14_999);
  assert.is(counts.length, 1);
  clock.advance(1);
  assert.is(counts.length, 2);
});

beat('gives a beat up that is under way when it is stopped, and hears no more of it', async () => {
  const waiting: (() => void)[] = [];
  const { clock, heartbeat, seen, signals } = start(
    () => new Promise((resolve) => waiting.push(() => resolve({ ...ALIVE, isOver: true }))),
  );
  heartbeat.beatNow();
  assert.is(signals[0]?.aborted, false);
  heartbeat.stop();
  assert.is(signals[0]?.aborted, true);
  waiting[0]?.();
  await settled();
  assert.equal([seen.views, clock.pending()], [[], 0]);
});

beat.run();
