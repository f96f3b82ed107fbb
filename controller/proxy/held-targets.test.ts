import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { createHeldTargets } from './held-targets.ts';

const held = suite('a target that waits for its client');

function start() {
  const clock = createManualClock();
  const socket = { bytesRead: 100 };
  const seen = { pings: 0, resumed: 0, waits: true };
  const client = {
    bufferedAmount: 0,
    ping() {
      seen.pings += 1;
    },
  } as unknown as WebSocket;
  const chrome = {
    hasWaiting: () => seen.waits,
    resumeWaiting() {
      seen.resumed += 1;
    },
  };
  const targets = createHeldTargets({ client, socket, chrome, clock, waitMs: 3_000 });
  return { clock, socket, seen, targets };
}

held('goes on after a few seconds when the client answers nothing, and the next ones at once', () => {
  const { clock, seen, targets } = start();
  targets.onWaiting();
  targets.onWaiting();
  clock.advance(2_999);
  assert.equal([seen.pings, seen.resumed], [1, 0]);
  clock.advance(1);
  assert.is(seen.resumed, 1);
  targets.onWaiting();
  assert.equal([seen.pings, seen.resumed], [1, 2]);
});

held('waits on for a client that answers, and is looked after again', () => {
  const { clock, socket, seen, targets } = start();
  targets.onWaiting();
  socket.bytesRead += 6;
  clock.advance(3_000);
  assert.equal([seen.pings, seen.resumed], [2, 0]);
  // It stands still from now on.
  clock.advance(3_000);
  assert.is(seen.resumed, 1);
});

held('has its client again when that wakes up', () => {
  const { clock, socket, seen, targets } = start();
  targets.onWaiting();
  clock.advance(3_000);
  socket.bytesRead += 6;
  targets.onWaiting();
  assert.equal([seen.pings, seen.resumed], [2, 1]);
});

held('costs nothing more once nothing waits', () => {
  const { clock, seen, targets } = start();
  targets.onWaiting();
  seen.waits = false;
  clock.advance(3_000);
  assert.equal([seen.pings, seen.resumed, clock.pending()], [1, 0, 0]);
});

held('is not looked after when its client has left', () => {
  const { clock, targets } = start();
  targets.onWaiting();
  targets.stop();
  assert.is(clock.pending(), 0);
});

held.run();
