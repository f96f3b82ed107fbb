import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONTAINER_STOP } from '../../core/domain/timing.ts';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import type { CallOptions, PlatformView } from '../container-api/container-api.ts';
import { createSessionEnd } from './end-decision.ts';
import { createStop } from './stop.ts';

const stops = suite('a stop that the platform asks for');

function start(answer: () => Promise<PlatformView>, { isReclaimable = false } = {}) {
  const end = createSessionEnd();
  const counts: number[] = [];
  const clock = createManualClock();
  const stop = createStop({
    end,
    host: { isReclaimable },
    clock,
    logger: createLogger({}, () => {}),
    countClients: () => 2,
    api: {
      reportHeartbeat: (count) => {
        counts.push(count);
        return answer();
      },
    },
  });
  return { end, stop, counts, clock };
}

stops('ends for the reason that the platform gives', async () => {
  const { end, stop, counts } = start(async () => ({ isOver: true, endReason: 'released', expiresAtMs: 0 }));
  stop.request();
  assert.is((await end.decision).reason, 'released');
  assert.equal(counts, [2]);
  assert.is(stop.killNow.aborted, false);
});

stops('ends without a reason when the platform knows none, or is silent', async () => {
  for (const answer of [
    async () => ({ isOver: true, endReason: null, expiresAtMs: 0 }),
    () => Promise.reject(new Error('down')),
  ]) {
    const { end, stop } = start(answer);
    stop.request();
    assert.is((await end.decision).reason, 'platform_stopping');
  }
});

stops('that is asked for twice waits for nothing', async () => {
  const { end, stop, counts } = start(() => new Promise(() => {}));
  stop.request();
  assert.is(end.isDecided(), false);
  stop.request();
  assert.is((await end.decision).reason, 'platform_stopping');
  assert.is(stop.killNow.aborted, true);
  assert.equal(counts, [2]);
});

stops('asks once and shortly: there is no time for a second try', async () => {
  const asked: CallOptions[] = [];
  const stop = createStop({
    end: createSessionEnd(),
    host: { isReclaimable: false },
    clock: createManualClock(),
    logger: createLogger({}, () => {}),
    countClients: () => 0,
    api: {
      reportHeartbeat: (_, options = {}) => {
        asked.push(options);
        return new Promise(() => {});
      },
    },
  });
  stop.request();
  const [{ timeoutMs, backoff, signal } = {}] = asked;
  assert.equal([asked.length, timeoutMs, backoff], [1, CONTAINER_STOP.askWhyMs, []]);
  assert.is(signal?.aborted, false);
});

stops('does not change why a session ends that is ending already', async () => {
  const { end, stop } = start(async () => ({ isOver: true, endReason: 'timed_out', expiresAtMs: 0 }));
  end.decide('browser_closed');
  stop.request();
  await new Promise(setImmediate);
  assert.is((await end.decision).reason, 'browser_closed');
  assert.is(stop.killNow.aborted, false);
});

stops('that nobody asked for kills nothing', () => {
  assert.is(start(() => new Promise(() => {})).stop.killNow.aborted, false);
});

/** Lets what waits for the answer of the platform go on. */
const settle = () => new Promise(setImmediate);
const UNKNOWN: PlatformView = { isOver: false, endReason: null, expiresAtMs: 0 };

stops('of Spot is asked about again, until the platform has the notice as well', async () => {
  const answers: PlatformView[] = [
    UNKNOWN,
    UNKNOWN,
    { ...UNKNOWN, isOver: true, endReason: 'spot_reclaimed' },
  ];
  const { end, stop, counts, clock } = start(async () => answers.shift() ?? UNKNOWN, { isReclaimable: true });
  stop.request();
  for (let asked = 1; asked <= 2; asked++) {
    await settle();
    assert.equal([counts.length, end.isDecided()], [asked, false]);
    clock.advance(CONTAINER_STOP.askAgainMs);
  }
  assert.is((await end.decision).reason, 'spot_reclaimed');
});

stops('of Spot that nobody explains goes on without a reason, in time', async () => {
  const { end, stop, clock } = start(async () => UNKNOWN, { isReclaimable: true });
  stop.request();
  const rounds = CONTAINER_STOP.reclaimNoticeMs / CONTAINER_STOP.askAgainMs;
  for (let round = 0; round < rounds; round++) {
    await settle();
    assert.is(end.isDecided(), false);
    clock.advance(CONTAINER_STOP.askAgainMs);
  }
  assert.is((await end.decision).reason, 'platform_stopping');
});

stops.run();
