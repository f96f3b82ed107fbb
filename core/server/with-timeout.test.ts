import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFakeClock } from '../testing/fake-clock.ts';
import { withTimeout } from './with-timeout.ts';

const limited = suite('withTimeout');

limited('gives the value that comes in time, and leaves no timer', async () => {
  const clock = createFakeClock();
  assert.is(await withTimeout(Promise.resolve('value'), 1_000, clock), 'value');
  assert.equal(clock.waiting(), []);
});

limited('gives nothing when it takes longer', async () => {
  const clock = createFakeClock();
  const outcome = withTimeout(new Promise(() => {}), 1_000, clock);
  clock.pass(1_000);
  assert.is(await outcome, undefined);
});

limited('fails as its promise fails, and leaves no timer', async () => {
  const clock = createFakeClock();
  const fault = new Error('refused');
  const outcome = await withTimeout(Promise.reject(fault), 1_000, clock).catch((error: Error) => error);
  assert.is(outcome, fault);
  assert.equal(clock.waiting(), []);
});

limited.run();
