import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { createMemoryTrim } from './memory.ts';

const MIB = 1024 * 1024;
const trim = suite('the memory of large messages');

function start() {
  const clock = createManualClock();
  const seen = { collections: 0 };
  const limits = { memoryTrimQuietMs: 300, memoryTrimMaxWaitMs: 5_000 };
  const memory = createMemoryTrim({
    clock,
    limits,
    collect: () => {
      seen.collections += 1;
    },
  });
  return { clock, memory, seen };
}

trim('is given back once when the traffic pauses', () => {
  const { clock, memory, seen } = start();
  for (let sent = 0; sent < 30; sent += 1) memory.note(MIB);
  clock.advance(299);
  assert.is(seen.collections, 0);
  clock.advance(1);
  assert.is(seen.collections, 1);
  clock.advance(60_000);
  assert.is(seen.collections, 1);
});

trim('is given back in the midst of traffic that never pauses', () => {
  const { clock, memory, seen } = start();
  for (let elapsed = 0; elapsed < 5_000; elapsed += 100) {
    memory.note(30 * MIB);
    clock.advance(100);
  }
  assert.is(seen.collections, 1);
});

trim('of a few small messages is not worth it', () => {
  const { clock, memory, seen } = start();
  memory.note(MIB);
  clock.advance(60_000);
  assert.is(seen.collections, 0);
  assert.is(clock.pending(), 0);
});

trim('is left alone when it is over', () => {
  const { clock, memory } = start();
  memory.note(30 * MIB);
  memory.stop();
  assert.is(clock.pending(), 0);
});

trim.run();
