import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { startPings } from './pings.ts';

const pings = suite('pings');
const SECOND_MS = 1_000;

function start({ bufferedAmount = 0, isPaused = false, isUnacknowledged = false } = {}) {
  const clock = createManualClock();
  const socket = { bytesRead: 100 };
  const seen = { pings: 0, silent: 0 };
  const client = {
    bufferedAmount,
    isPaused,
    ping() {
      seen.pings += 1;
    },
  };
  const stop = startPings(client as unknown as WebSocket, socket, {
    clock,
    intervalMs: 30 * SECOND_MS,
    silentMs: 300 * SECOND_MS,
    isUnacknowledged: async () => isUnacknowledged,
    onSilent() {
      seen.silent += 1;
    },
  });
  /** Half a minute each, with what comes between. */
  async function pass(beats: number, each = () => {}): Promise<void> {
    for (let beat = 0; beat < beats; beat += 1) {
      each();
      clock.advance(30 * SECOND_MS);
      await new Promise(setImmediate);
    }
  }
  return { clock, client, socket, seen, stop, pass };
}

pings('let a client stand still for minutes, and no longer', async () => {
  const { seen, pass } = start();
  await pass(10);
  assert.equal([seen.pings, seen.silent], [10, 0]);
  await pass(1);
  assert.is(seen.silent, 1);
});

pings('keep a client that answers, for as long as it does', async () => {
  const { socket, seen, pass } = start();
  await pass(100, () => {
    socket.bytesRead += 6;
  });
  assert.equal([seen.pings, seen.silent], [100, 0]);
});

pings('let a client go within two minutes when its network is gone', async () => {
  const { seen, pass } = start({ isUnacknowledged: true });
  await pass(2);
  assert.is(seen.silent, 0);
  await pass(1);
  assert.is(seen.silent, 1);
});

for (const state of [{ bufferedAmount: 1 }, { isPaused: true }]) {
  pings(`leave a client twice the time that cannot answer: ${JSON.stringify(state)}`, async () => {
    const { seen, pass } = start(state);
    await pass(20);
    assert.is(seen.silent, 0);
    await pass(1);
    assert.is(seen.silent, 1);
  });
}

pings('ask a client that was long in reading a message before they take it for silent', async () => {
  const { client, seen, pass } = start({ bufferedAmount: 100_000_000 });
  await pass(15);
  assert.equal([seen.pings, seen.silent], [0, 0], 'a ping would queue up behind the message');
  client.bufferedAmount = 0;
  await pass(1);
  assert.equal([seen.pings, seen.silent], [1, 0]);
  await pass(1);
  assert.is(seen.silent, 1, 'now it was asked');
});

pings('end with the client', () => {
  const { clock, stop } = start();
  stop();
  assert.is(clock.pending(), 0);
});

pings.run();
