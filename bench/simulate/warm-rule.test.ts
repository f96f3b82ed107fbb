import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { demandRule, fixedRule, LOOK_BACK_MS } from './warm-rule.ts';

const NOW = 10 * 60_000;
const ago = (...seconds: readonly number[]) => ({
  nowMs: NOW,
  createsAtMs: seconds.map((each) => NOW - each * 1_000),
});
const LIMITS = { min: 1, max: 4 };

const rules = suite('rules for a pool');

rules('always want the most, or the busiest minute of the last five', () => {
  assert.is(fixedRule(ago(), LIMITS), 4);
  assert.is(demandRule(ago(130, 125, 121, 30), LIMITS), 3);
});

rules('stay within the limits', () => {
  assert.is(demandRule(ago(), LIMITS), 1);
  assert.is(demandRule(ago(5, 4, 3, 2, 1, 0), LIMITS), 4);
});

rules('forget what is five minutes old', () => {
  const old = LOOK_BACK_MS / 1_000;
  assert.is(demandRule(ago(old, old, old), LIMITS), 1);
  assert.is(demandRule(ago(old - 1, old - 1), LIMITS), 2);
});

rules.run();
