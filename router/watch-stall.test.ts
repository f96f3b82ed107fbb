import type { Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../core/testing/manual-clock.ts';
import { watchStall } from './watch-stall.ts';

/** A socket of which `bytesWritten` were handed over and `writableLength` are not taken yet. */
function use() {
  const socket = { bytesWritten: 0, writableLength: 0 };
  const clock = createManualClock();
  let stalls = 0;
  const unwatch = watchStall(socket as unknown as Socket, 1000, clock, () => {
    stalls += 1;
  });
  return { socket, clock, unwatch, stalls: () => stalls };
}

const watching = suite('watchStall');

watching('calls each time that nothing of what waits was taken', () => {
  const { socket, clock, stalls } = use();
  Object.assign(socket, { bytesWritten: 100, writableLength: 100 });
  clock.advance(999);
  assert.is(stalls(), 0);
  clock.advance(1);
  assert.is(stalls(), 1);
  clock.advance(2000);
  assert.is(stalls(), 3);
});

watching('does not call as long as a byte is taken in time', () => {
  const { socket, clock, stalls } = use();
  Object.assign(socket, { bytesWritten: 100, writableLength: 100 });
  for (let round = 0; round < 5; round++) {
    socket.writableLength -= 1;
    clock.advance(1000);
  }
  assert.is(stalls(), 0);
  clock.advance(1000);
  assert.is(stalls(), 1);
});

watching('counts what is taken, not what is handed over meanwhile', () => {
  const { socket, clock, stalls } = use();
  Object.assign(socket, { bytesWritten: 100, writableLength: 100 });
  clock.advance(1000);
  Object.assign(socket, { bytesWritten: 300, writableLength: 300 });
  clock.advance(1000);
  assert.is(stalls(), 2, 'more waits, and nothing was taken');
  Object.assign(socket, { bytesWritten: 400, writableLength: 399 });
  clock.advance(1000);
  assert.is(stalls(), 2);
});

watching('does not call for a client to whom nothing is said', () => {
  const { clock, stalls } = use();
  clock.advance(60_000);
  assert.is(stalls(), 0);
});

watching('ends when it is told to, with no timer left', () => {
  const { socket, clock, unwatch, stalls } = use();
  Object.assign(socket, { bytesWritten: 100, writableLength: 100 });
  clock.advance(1000);
  unwatch();
  assert.is(clock.pending(), 0);
  clock.advance(60_000);
  assert.is(stalls(), 1);
});

watching('may be ended by what it calls', () => {
  const clock = createManualClock();
  const socket = { bytesWritten: 1, writableLength: 1 };
  let stalls = 0;
  const unwatch = watchStall(socket as unknown as Socket, 1000, clock, () => {
    stalls += 1;
    unwatch();
  });
  clock.advance(60_000);
  assert.equal([stalls, clock.pending()], [1, 0]);
});

watching.run();
