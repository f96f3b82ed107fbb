import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClientGoneError, holdClient } from './hold-client.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

/** A client's socket as far as it is held: what is written to it is what the client says. */
function use(head = '', maxEarlyBytes = 10) {
  const socket = new PassThrough();
  const held = holdClient(socket as unknown as Socket, Buffer.from(head), maxEarlyBytes);
  return { socket, held };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const listenersOf = (socket: PassThrough) =>
  ['data', 'close'].map((event) => socket.listenerCount(event)).join();

const holding = suite('holdClient');

holding('keeps what a client says too early, in order, behind what came with its request', async () => {
  const { socket, held } = use('one ');
  socket.write('two ');
  await settled();
  socket.write('3');
  await settled();
  assert.is(held.release().toString(), 'one two 3');
  assert.is(held.signal.aborted, false);
});

holding('gives a socket back that nobody reads, with what comes from then on still in it', async () => {
  const { socket, held } = use();
  const before = listenersOf(new PassThrough());
  socket.write('early');
  await settled();
  held.release();
  assert.is(listenersOf(socket), before);
  socket.write('late');
  await settled();
  assert.is(socket.read().toString(), 'late');
  assert.is(held.release().toString(), 'early', 'what was held is not lost by a second asking');
});

holding('takes exactly as much as it may', async () => {
  const { socket, held } = use('12345');
  socket.write('67890');
  await settled();
  assert.is(held.signal.aborted, false);
  socket.write('1');
  await settled();
  assert.instance(held.signal.reason, RefusedError);
  assert.is((held.signal.reason as RefusedError).refusal, REFUSALS.spokeTooEarly);
});

holding('keeps no byte more of one who says too much', async () => {
  const { socket, held } = use('', 10);
  for (let written = 0; written < 100; written++) {
    socket.write('x'.repeat(1000));
    await settled();
  }
  assert.is(held.release().length, 0);
});

holding('hears that a client has gone, by its end or by its close', async () => {
  for (const leave of [(socket: PassThrough) => socket.end(), (socket: PassThrough) => socket.destroy()]) {
    const { socket, held } = use();
    leave(socket);
    await settled();
    assert.instance(held.signal.reason, ClientGoneError);
  }
});

holding('hears nothing of a client that was given back', async () => {
  const { socket, held } = use();
  held.release();
  socket.destroy();
  await settled();
  assert.is(held.signal.aborted, false);
});

holding('is aborted by others as well, and by the first reason only', async () => {
  const { socket, held } = use();
  const reason = new Error('draining');
  held.abort(reason);
  socket.end();
  await settled();
  assert.is(held.signal.reason, reason);
});

holding.run();
