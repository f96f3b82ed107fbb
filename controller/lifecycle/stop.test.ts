import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONTAINER_STOP } from '../../core/domain/timing.ts';
import { createLogger } from '../../core/log/logger.ts';
import type { CallOptions, PlatformView } from '../container-api/container-api.ts';
import { createSessionEnd } from './end-decision.ts';
import { createStop } from './stop.ts';

const stops = suite('a stop that the platform asks for');

function start(answer: () => Promise<PlatformView>) {
  const end = createSessionEnd();
  const counts: number[] = [];
  const stop = createStop({
    end,
    logger: createLogger({}, () => {}),
    countClients: () => 2,
    api: {
      reportHeartbeat: (count) => {
        counts.push(count);
        return answer();
      },
    },
  });
  return { end, stop, counts };
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

stops.run();
