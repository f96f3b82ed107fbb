import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../testing/manual-clock.ts';
import { withTimeout } from './with-timeout.ts';

const limited = suite('withTimeout');

limited('gives the value that comes in time, and leaves no timer', async () => {
  const clock = createManualClock();
  assert.is(await withTimeout(Promise.resolve('value'), 1_000, clock), 'value');
  assert.is(clock.pending(), 0);
});

limited('gives nothing when it takes longer', async () => {
  const clock = createManualClock();
  const outcome = withTimeout(new Promise(() => {}), 1_000, clock);
  clock.advance(1_000);
  assert.is(await outcome, undefined);
});

limited('fails as its promise fails, and leaves no timer', async () => {
  const clock = createManualClock();
  const fault = new Error('refused');
  const outcome = await withTimeout(Promise.reject(fault), 1_000, clock).catch((error: Error) => error);
  assert.is(outcome, fault);
  assert.is(clock.pending(), 0);
});

limited.run();
