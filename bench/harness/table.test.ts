import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resultOf } from './figure.ts';
import { judge } from './goals.ts';
import { figuresTable, goalsTable, showNumber } from './table.ts';

const t = suite('the tables');

for (const [value, text] of [
  [0.08341, '0.0834'],
  [0.00001, '0.0000'],
  [1.2749, '1.27'],
  [14.26, '14.3'],
  [143.2, '143'],
  [12_361.4, '12361'],
  [-3.456, '-3.46'],
  [0, '0'],
  [Number.NaN, '-'],
] as const) {
  t(`show ${value} as ${text}`, () => {
    assert.is(showNumber(value), text);
  });
}

const results = [
  resultOf({
    name: 'create.total',
    unit: 'ms',
    samples: [100, 110, 130],
    baseline: { name: 'direct', samples: [100] },
    floor: { name: 'bare', samples: [90] },
    failures: ['lost'],
  }),
  resultOf({ name: 'density.chrome', unit: 'MB', samples: [150] }),
];

t('have a row for each figure, with its baseline, its ratio and what failed', () => {
  assert.is(
    figuresTable(results),
    [
      '| figure         | unit | samples | median | p95 | p99 | spread | baseline, median | ratio | floor, median | failed |',
      '| -------------- | ---- | ------: | -----: | --: | --: | -----: | ---------------- | ----: | ------------- | -----: |',
      '| create.total   | ms   |       3 |    110 | 130 | 130 |   30.0 | direct 100       |  1.10 | bare 90.0     |      1 |',
      '| density.chrome | MB   |       1 |    150 | 150 | 150 |      0 | -                |     - | -             |        |',
    ].join('\n'),
  );
});

t('say of each goal what it is, what it is to be, and why', () => {
  const goals = [
    { figure: 'create.total', kind: 'ratio', of: 'p95', atMost: 1.2, why: 'the slow end' },
    { figure: 'density.chrome', kind: 'value', of: 'median', atMost: 150, why: 'lean flags' },
    { figure: 'lifecycle.total', kind: 'tail', of: 'median', atMost: 2.5, why: 'no drained pool' },
  ] as const;
  assert.is(
    goalsTable(judge(goals, results, { judgesTimes: true })),
    [
      '| goal                    |         is | to be       | floor | verdict      | why             |',
      '| ----------------------- | ---------: | ----------- | ----: | ------------ | --------------- |',
      '| create.total ratio, p95 | 1.30 times | at most 1.2 | 0.900 | fell behind  | the slow end    |',
      '| density.chrome          |     150 MB | at most 150 |     - | met          | lean flags      |',
      '| lifecycle.total tail    |          - | at most 2.5 |     - | not measured | no drained pool |',
    ].join('\n'),
  );
});

t.run();
