import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { createManualClock } from '../testing/manual-clock.ts';
import { startPings } from './pings.ts';

const INTERVAL_MS = 30_000;
const pings = suite('the pings of a client');

function start() {
  const clock = createManualClock();
  const steps: string[] = [];
  const socket = { bytesRead: 100 };
  const client = {
    bufferedAmount: 0,
    isPaused: false,
    ping: () => steps.push('ping'),
    terminate: () => steps.push('cut'),
  };
  const stop = startPings(client as unknown as WebSocket, socket, { clock, intervalMs: INTERVAL_MS });
  /** Lets so many intervals pass; `answers`: the client sends something in each. */
  const pass = (intervals: number, answers: boolean) => {
    for (let passed = 0; passed < intervals; passed += 1) {
      clock.advance(INTERVAL_MS);
      if (answers) socket.bytesRead += 6;
    }
  };
  return { clock, client, socket, steps, stop, pass };
}

pings('go on as long as the client answers', () => {
  const { steps, pass } = start();
  pass(5, true);
  assert.equal(steps, Array(5).fill('ping'));
});

pings('cut a client that has not answered the last one', () => {
  const { clock, steps } = start();
  clock.advance(2 * INTERVAL_MS - 1);
  assert.equal(steps, ['ping']);
  clock.advance(1);
  assert.equal(steps, ['ping', 'cut']);
});

pings('take whatever the client sends for an answer', () => {
  const { clock, socket, steps } = start();
  clock.advance(INTERVAL_MS);
  socket.bytesRead += 1;
  clock.advance(INTERVAL_MS);
  assert.equal(steps, ['ping', 'ping']);
});

pings('do not queue up behind a large message, which a slow client may be long in reading', () => {
  const { client, steps, pass } = start();
  pass(1, true);
  client.bufferedAmount = 100_000_000;
  pass(20, false);
  assert.equal(steps, ['ping']);
});

pings('begin anew when that message is through: the client was not asked while it read', () => {
  const { client, steps, pass } = start();
  pass(1, true);
  client.bufferedAmount = 100_000_000;
  pass(5, false);
  client.bufferedAmount = 0;
  pass(1, false);
  assert.equal(steps, ['ping', 'ping']);
  pass(1, false);
  assert.equal(steps, ['ping', 'ping', 'cut'], 'now it was asked');
});

pings('do not wait for ever for one that takes nothing of a message', () => {
  const { client, steps, pass } = start();
  client.bufferedAmount = 1;
  pass(22, false);
  assert.equal(steps, ['cut']);
});

pings('spare a client that the proxy itself does not read, for a while', () => {
  const { client, steps, pass } = start();
  client.isPaused = true;
  pass(21, false);
  assert.not(steps.includes('cut'));
  pass(1, false);
  assert.is(steps.at(-1), 'cut');
});

pings('end with the socket', () => {
  const { clock, steps, stop, pass } = start();
  pass(1, true);
  stop();
  pass(10, false);
  assert.equal([steps, clock.pending()], [['ping'], 0]);
});

pings.run();
