import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../core/testing/manual-clock.ts';
import { awaitAnswer, connectToContainer, upgradeHead } from './open-upstream.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

const NOBODY = new AbortController().signal;
const opened: Socket[] = [];
let server: Server;

/** A container that does with a connection what `serve` does. */
async function startContainer(serve: (socket: Socket) => void = () => undefined) {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    opened.push(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clock = createManualClock();
  const { port } = server.address() as AddressInfo;
  return {
    clock,
    address: { host: '127.0.0.1', port },
    timing: { connectMs: 1000, answerMs: 2000, keepAliveMs: 30_000, clock },
  };
}

async function connected(serve?: (socket: Socket) => void) {
  const container = await startContainer(serve);
  const socket = await connectToContainer(container.address, NOBODY, container.timing);
  opened.push(socket);
  return { ...container, socket };
}
const refusalOf = async (promise: Promise<unknown>): Promise<unknown> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof RefusedError ? error.refusal : error;
};

const upstream = suite('the way to a container');
upstream.after.each(() => {
  for (const socket of opened.splice(0)) socket.destroy();
  server.close();
});

upstream('is open when it has accepted, and no timer is left', async () => {
  const { clock, socket } = await connected();
  assert.is(socket.readyState, 'open');
  assert.is(clock.pending(), 0);
});

upstream('is refused where nobody listens', async () => {
  const { address, timing, clock } = await startContainer();
  server.close();
  await once(server, 'close');
  assert.is(await refusalOf(connectToContainer(address, NOBODY, timing)), REFUSALS.unreachable);
  assert.is(clock.pending(), 0);
});

upstream('is refused when it takes too long, and whoever it was is let go', async () => {
  const { address, timing, clock } = await startContainer();
  const connecting = refusalOf(connectToContainer(address, NOBODY, timing));
  clock.advance(timing.connectMs);
  assert.is(await connecting, REFUSALS.unreachable);
  assert.is(clock.pending(), 0);
});

upstream('is given up with whoever has asked for it, before and while it opens', async () => {
  const { address, timing, clock } = await startContainer();
  const gone = new Error('gone');
  assert.is(await refusalOf(connectToContainer(address, AbortSignal.abort(gone), timing)), gone);
  const leaving = new AbortController();
  const connecting = refusalOf(connectToContainer(address, leaving.signal, timing));
  leaving.abort(gone);
  assert.is(await connecting, gone);
  assert.is(clock.pending(), 0);
});

upstream('has the first bytes of an answer still in it, all of them', async () => {
  const { socket, timing, clock } = await connected((peer) => void peer.end('HTTP/1.1 101 X\r\n\r\nfirst'));
  await awaitAnswer(socket, NOBODY, timing);
  let text = '';
  for await (const chunk of socket) text += chunk;
  assert.is(text, 'HTTP/1.1 101 X\r\n\r\nfirst');
  assert.is(clock.pending(), 0);
});

upstream('is silent when nothing comes in time', async () => {
  const { socket, timing, clock } = await connected();
  const answer = refusalOf(awaitAnswer(socket, NOBODY, timing));
  clock.advance(timing.answerMs - 1);
  assert.is(socket.destroyed, false);
  clock.advance(1);
  assert.is(await answer, REFUSALS.silent);
  assert.is(socket.destroyed, true);
});

upstream('is silent when it ends or breaks off without a word', async () => {
  for (const leave of [
    (peer: Socket) => void peer.end(),
    (peer: Socket) => void peer.destroy(),
    (peer: Socket) => void peer.resetAndDestroy(),
  ]) {
    const { socket, timing, clock } = await connected((peer) => void peer.once('data', () => leave(peer)));
    socket.write('x');
    assert.is(await refusalOf(awaitAnswer(socket, NOBODY, timing)), REFUSALS.silent);
    assert.equal([socket.destroyed, clock.pending()], [true, 0]);
    server.close();
  }
});

upstream('is closed when the client goes while it is awaited', async () => {
  const { socket, timing } = await connected();
  const leaving = new AbortController();
  const answer = refusalOf(awaitAnswer(socket, leaving.signal, timing));
  const gone = new Error('gone');
  leaving.abort(gone);
  assert.is(await answer, gone);
  assert.is(socket.destroyed, true);
});

upstream.run();

// ---

const head = suite('the start of an upgrade');

head('is one request, with the headers as they are and the address as it is written', () => {
  const text = upgradeHead('/?signingKey=T', { host: '10.0.0.1', port: 9223 }, [
    ['Sec-WebSocket-Key', 'k=='],
    ['X-Two', '1'],
    ['X-Two', '2'],
  ]).toString('latin1');
  assert.is(
    text,
    'GET /?signingKey=T HTTP/1.1\r\nHost: 10.0.0.1:9223\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Key: k==\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n',
  );
});

head('has an address of IPv6 in brackets, and a byte for each character', () => {
  const bytes = upgradeHead('/', { host: 'fd00::1', port: 1 }, [['X-Name', 'é']]);
  assert.match(bytes.toString('latin1'), 'Host: [fd00::1]:1\r\n');
  assert.ok(bytes.includes(Buffer.from([0xe9])));
});

head.run();
