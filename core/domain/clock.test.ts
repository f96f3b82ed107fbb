import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../testing/manual-clock.ts';
import { pause, repeat } from './clock.ts';

const time = suite('time');

time('passes in a pause, and not less', async () => {
  const clock = createManualClock(0);
  let isOver = false;
  const paused = pause(clock, 1_000).then(() => {
    isOver = true;
  });
  clock.advance(999);
  await new Promise(setImmediate);
  assert.not(isOver);
  clock.advance(1);
  await paused;
});

time('repeats what is to be done, each time after the same while, until it is ended', () => {
  const clock = createManualClock(0);
  const moments: number[] = [];
  const end = repeat(clock, 100, () => moments.push(clock.now()));
  clock.advance(350);
  assert.equal(moments, [100, 200, 300]);
  end();
  clock.advance(1_000);
  assert.equal(moments, [100, 200, 300]);
  assert.is(clock.pending(), 0);
});

time('goes on repeating when one of the times fails', () => {
  const clock = createManualClock(0);
  let runs = 0;
  const end = repeat(clock, 100, () => {
    runs += 1;
    if (runs === 1) throw new Error('once');
  });
  assert.throws(() => clock.advance(100), 'once');
  clock.advance(100);
  assert.is(runs, 2);
  end();
});

time('may end a repetition from within it', () => {
  const clock = createManualClock(0);
  let runs = 0;
  const end = repeat(clock, 100, () => {
    runs += 1;
    end();
  });
  clock.advance(1_000);
  assert.is(runs, 1);
});

time.run();
