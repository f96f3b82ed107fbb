import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../core/log/logger.ts';
import type { PlatformView } from '../container-api/container-api.ts';
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

stops.run();
