import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PARTS } from '../parts.ts';
import { type Figure, resultOf } from './figure.ts';
import { type Goal, hasFallenBehind, judge, parseGoals } from './goals.ts';

const t = suite('goals');

const figure = (given: Partial<Figure> = {}): Figure => ({
  name: 'create.total',
  unit: 'ms',
  samples: [100, 110, 120],
  baseline: { name: 'direct', samples: [100, 100, 100] },
  ...given,
});
const goal = (given: Partial<Goal>): Goal => ({
  figure: 'create.total',
  kind: 'ratio',
  of: 'median',
  why: 'because',
  ...given,
});
const verdictOf = (wanted: Goal, given: Figure = figure(), judgesTimes = true) =>
  judge([wanted], [resultOf(given)], { judgesTimes })[0];

for (const [what, wanted, value, verdict] of [
  ['a ratio of medians', { kind: 'ratio', atMost: 1.1 }, 1.1, 'met'],
  ['a ratio that is too large', { kind: 'ratio', atMost: 1.09 }, 1.1, 'fell behind'],
  ['a ratio that is too small', { kind: 'ratio', atLeast: 1.2 }, 1.1, 'fell behind'],
  ['a ratio of slow ends', { kind: 'ratio', of: 'p95', atMost: 1.2 }, 1.2, 'met'],
  ['what comes on top', { kind: 'added', atMost: 9 }, 10, 'fell behind'],
  ['a tail', { kind: 'tail', atMost: 1.05 }, 120 / 110, 'fell behind'],
  ['the value itself', { kind: 'value', of: 'p95', atMost: 120 }, 120, 'met'],
] as const) {
  t(`judge ${what}`, () => {
    const judged = verdictOf(goal(wanted));
    assert.ok(Math.abs((judged?.value ?? 0) - value) < 1e-9);
    assert.is(judged?.verdict, verdict);
  });
}

for (const [what, wanted, verdict] of [
  ['that the least possible misses too is out of reach', { atMost: 1.04 }, 'out of reach'],
  ['that the least possible meets has fallen behind', { atMost: 1.05 }, 'fell behind'],
  ['of what comes on top is held so too', { kind: 'added', atMost: 4 }, 'out of reach'],
  ['of a slow end is held by that of the least', { kind: 'value', of: 'p95', atMost: 106 }, 'fell behind'],
  ['that is met is met', { atMost: 1.1 }, 'met'],
] as const)
  t(`one ${what}`, () => {
    const floor = { name: 'bare', samples: [104, 105, 106] };
    assert.is(verdictOf(goal(wanted), figure({ floor }))?.verdict, verdict);
  });

t('one that lost attempts has fallen behind, whatever the least possible is', () => {
  const lost = figure({ floor: { name: 'bare', samples: [200] }, failures: ['the session was not ready'] });
  assert.is(verdictOf(goal({ atMost: 1 }), lost)?.verdict, 'fell behind');
});

t('do not let a time of an unknown machine decide, but say it', () => {
  assert.is(verdictOf(goal({ kind: 'value', atMost: 1 }), figure(), false)?.verdict, 'told only');
  assert.is(verdictOf(goal({ kind: 'ratio', atMost: 1 }), figure(), false)?.verdict, 'fell behind');
  assert.is(
    verdictOf(goal({ kind: 'value', atMost: 1 }), figure({ unit: 'MB' }), false)?.verdict,
    'fell behind',
    'memory is the same everywhere',
  );
});

t('count attempts that failed, and figures without a sample, as behind', () => {
  const lost = figure({ failures: ['the session was not ready'] });
  assert.is(verdictOf(goal({ atMost: 9 }), lost)?.verdict, 'fell behind');
  assert.is(verdictOf(goal({ kind: 'value', atMost: 9999 }), lost, false)?.verdict, 'fell behind');
  assert.is(verdictOf(goal({ atMost: 9 }), figure({ samples: [] }))?.verdict, 'fell behind');
  const without: Figure = { name: 'create.total', unit: 'ms', samples: [1] };
  assert.is(verdictOf(goal({ atMost: 9 }), without)?.verdict, 'fell behind', 'no baseline is no ratio');
});

t('are not held against what was not measured', () => {
  const judged = judge([goal({ figure: 'other', atMost: 1 })], [resultOf(figure())], { judgesTimes: true });
  assert.is(judged[0]?.verdict, 'not measured');
  assert.is(hasFallenBehind(judged), false);
});

t('are refused when they say both, nothing, or something unknown', () => {
  for (const bad of [
    { atMost: 1, atLeast: 1 },
    {},
    { atMost: 1, kind: 'speed' },
    { atMost: 1, whi: 'a typing error' },
  ])
    assert.throws(() => parseGoals(JSON.stringify([goal(bad as never)])));
});

t('of this repository name figures of parts that there are', () => {
  const goals = parseGoals(readFileSync(new URL('../goals.json', import.meta.url), 'utf8'));
  assert.ok(goals.length > 10);
  const unknown = goals.filter(({ figure: name }) => !PARTS.some((part) => name.startsWith(`${part.name}.`)));
  assert.equal(unknown, []);
});

t.run();
