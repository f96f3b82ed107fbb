import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { createBell } from './create-bell.ts';

const settled = async (promise: Promise<unknown>): Promise<boolean> => {
  let isOver = false;
  void promise.then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  return isOver;
};

const bell = suite('createBell');

bell('wakes the wait that is under way, and leaves no timer', async () => {
  const clock = createManualClock(0);
  const { ring, wait } = createBell(clock);
  const waiting = wait(1_000);
  assert.not(await settled(waiting));
  ring();
  assert.ok(await settled(waiting));
  assert.is(clock.pending(), 0);
});

bell('that rang before the wait ends it at once', async () => {
  const clock = createManualClock(0);
  const { ring, wait } = createBell(clock);
  ring();
  assert.ok(await settled(wait(1_000)));
  assert.is(clock.pending(), 0);
});

bell('is heard once: two rings before a wait do not end the one after it', async () => {
  const clock = createManualClock(0);
  const { ring, wait } = createBell(clock);
  ring();
  ring();
  await wait(1_000);
  const next = wait(1_000);
  assert.not(await settled(next));
  clock.advance(1_000);
  await next;
});

bell('tells a ring from time that has passed', async () => {
  const clock = createManualClock(0);
  const { ring, wait } = createBell(clock);
  ring();
  assert.is(await wait(1_000), true);
  const next = wait(1_000);
  clock.advance(1_000);
  assert.is(await next, false);
});

bell('that nobody rings lets the time pass, and not less', async () => {
  const clock = createManualClock(0);
  const waiting = createBell(clock).wait(1_000);
  clock.advance(999);
  assert.not(await settled(waiting));
  clock.advance(1);
  assert.ok(await settled(waiting));
});

bell('takes no time of a wait that has none left', async () => {
  const clock = createManualClock(0);
  const waiting = createBell(clock).wait(-5);
  clock.advance(0);
  assert.ok(await settled(waiting));
  assert.is(clock.now(), 0);
});

bell('that rings after its wait was over rings for the next', async () => {
  const clock = createManualClock(0);
  const { ring, wait } = createBell(clock);
  const first = wait(10);
  clock.advance(10);
  await first;
  ring();
  assert.ok(await settled(wait(10)));
});

bell.run();
