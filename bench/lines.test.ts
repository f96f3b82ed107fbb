import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleLines, compareLine, platformMemoryLine, spreadLine } from './lines.ts';

const t = suite('lines of the bench');

t('show the middle and the slow end, in whole milliseconds', () => {
  const values = [400, 100, 300.4, 200, 1000];
  assert.is(
    spreadLine('create -> first CDP answer', values),
    'create -> first CDP answer   p50 300 ms  p90 1000 ms',
  );
});

t('show how many times as long ours took, by medians', () => {
  assert.is(
    compareLine('ratio of the medians', [150, 160, 9000], [100, 100, 1]),
    'ratio of the medians         1.60 (goal: at most 1.8), 3 rounds in turns',
  );
});

t('show every bundle, and the worst of each kind beside the goals', () => {
  assert.equal(
    bundleLines([
      { name: 'create-session', sizeKb: 515.2, loadMs: 61.6 },
      { name: 'serve-contract', sizeKb: 45.7, loadMs: 88 },
    ]),
    [
      '  create-session               515 KB  loads in 62 ms',
      '  serve-contract                46 KB  loads in 88 ms',
      'bundles                      largest 515 KB (goal: 1,536), slowest 88 ms (goal: 120)',
    ],
  );
});

t('show what the platform takes before and after a load, DynamoDB apart', () => {
  assert.is(
    platformMemoryLine({
      sessions: 70,
      atATime: 10,
      failures: 0,
      tookMs: 30_400,
      idle: { platformMb: 109.6, dynamodbMb: 6 },
      after: { platformMb: 170, dynamodbMb: 9.4 },
    }),
    'platform (PSS)               idle 110 MB (goal: at most 150), after 70 sessions 10 at a time ' +
      '170 MB (goal: at most 200), in 30 s, 0 failed; DynamoDB 6 and 9 MB',
  );
});

t.run();
