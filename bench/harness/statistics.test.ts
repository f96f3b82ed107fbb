import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { median, percentile, summarise } from './statistics.ts';

const t = suite('statistics');

for (const [what, values, expected] of [
  ['an odd number of values is the one in the middle', [9, 1, 5], 5],
  ['an even number of values is the mean of two', [4, 1, 3, 2], 2.5],
  ['one value is itself', [7], 7],
  ['numbers is by size, not by digits', [10, 9, 100], 10],
  ['no value is no number', [], Number.NaN],
] as const) {
  t(`the median of ${what}`, () => {
    assert.equal(median(values), expected);
  });
}

t('leave the samples as they were', () => {
  const values = [3, 1, 2];
  summarise(values);
  assert.equal(values, [3, 1, 2]);
});

t('a percentile is the smallest sample that so many do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1).reverse();
  for (const [share, expected] of [
    [0.25, 25],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ] as const)
    assert.is(percentile(hundred, share), expected);
  assert.is(percentile([42], 0.95), 42);
  assert.is(percentile([1, 2, 1000], 0.95), 1000, 'of few samples the slow end is the slowest');
  assert.equal(percentile([], 0.95), Number.NaN);
});

t('a summary has the middle, the slow end, and how far the middle half lies apart', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.equal(summarise(values), { count: 100, median: 50.5, p95: 95, p99: 99, spread: 50, max: 100 });
});

t('one wild sample moves the slow end and nothing else', () => {
  const calm = Array.from({ length: 21 }, () => 10);
  const { median: middle, spread, max } = summarise([...calm, 5000]);
  assert.equal([middle, spread, max], [10, 0, 5000]);
});

t.run();
