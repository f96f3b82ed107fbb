import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../testing/manual-clock.ts';
import { createRateLimit } from './rate-limit.ts';

const rate = suite('the rate of upgrades');

/** How many of `tries` are let through at once. */
function taken({ take }: { take(): boolean }, tries = 100): number {
  let count = 0;
  for (let tried = 0; tried < tries; tried += 1) if (take()) count += 1;
  return count;
}

rate('lets so many through at once, and then none', () => {
  const limit = createRateLimit({ burst: 5, perSecond: 10, clock: createManualClock() });
  assert.equal([taken(limit), taken(limit)], [5, 0]);
});

rate('lets so many through a second after that, in parts of one too', () => {
  const clock = createManualClock();
  const limit = createRateLimit({ burst: 5, perSecond: 10, clock });
  taken(limit);
  clock.advance(99);
  assert.is(taken(limit), 0);
  clock.advance(1);
  assert.is(taken(limit), 1);
  clock.advance(250);
  assert.is(taken(limit), 2, 'the half is kept');
  clock.advance(50);
  assert.is(taken(limit), 1);
});

rate('saves up no more than the burst', () => {
  const clock = createManualClock();
  const limit = createRateLimit({ burst: 5, perSecond: 10, clock });
  taken(limit, 2);
  clock.advance(3_600_000);
  assert.is(taken(limit), 5);
});

rate('is not paid for by those that it refuses', () => {
  const clock = createManualClock();
  const limit = createRateLimit({ burst: 1, perSecond: 1, clock });
  taken(limit);
  for (let eighths = 0; eighths < 8; eighths += 1) {
    assert.is(taken(limit), 0);
    clock.advance(125);
  }
  assert.is(taken(limit), 1);
});

rate('loses nothing, and gives nothing away, when the clock is set back', () => {
  let nowMs = 10_000;
  const limit = createRateLimit({ burst: 2, perSecond: 1, clock: { now: () => nowMs } });
  taken(limit);
  nowMs = 0;
  assert.is(taken(limit), 0);
  nowMs = 1_000;
  assert.is(taken(limit), 1);
});

rate.run();
