import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { median, percentile, timeMs } from './median.ts';

const t = suite('medians');

for (const [what, values, expected] of [
  ['an odd number of values is the one in the middle', [9, 1, 5], 5],
  ['an even number of values is the mean of two', [4, 1, 3, 2], 2.5],
  ['one value is itself', [7], 7],
  ['numbers is by size, not by digits', [10, 9, 100], 10],
  ['no value is no number', [], Number.NaN],
] as const) {
  t(`of ${what}`, () => {
    assert.equal(median(values), expected);
  });
}

t('leave the values as they were', () => {
  const values = [3, 1, 2];
  median(values);
  percentile(values, 0.9);
  assert.equal(values, [3, 1, 2]);
});

t('have a slow end: the value that nine of ten do not reach', () => {
  const tens = Array.from({ length: 10 }, (_, index) => (index + 1) * 10).reverse();
  assert.is(percentile(tens, 0.9), 100);
  assert.is(percentile(tens, 0.5), 60);
  assert.is(percentile(tens, 1), 100, 'never past the last one');
  assert.is(percentile([42], 0.9), 42);
  assert.equal(percentile([], 0.9), Number.NaN);
});

t('are of times that were waited for, and a failure is no time', async () => {
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
