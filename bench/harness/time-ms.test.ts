import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { timeMs } from './time-ms.ts';

const t = suite('times');

t('are of work that was waited for, and a failure is no time', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isDone = false;
  const timed = timeMs(() => promise).then((ms) => {
    isDone = true;
    return ms;
  });
  await new Promise((next) => setImmediate(next));
  assert.is(isDone, false);
  resolve();
  assert.ok((await timed) >= 0);
  const failure = await timeMs(() => Promise.reject(new Error('no Chrome'))).catch((error: Error) => error);
  assert.is((failure as Error).message, 'no Chrome');
});

t.run();
