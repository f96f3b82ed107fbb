import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../testing/manual-clock.ts';
import { boundRequest } from './bound-request.ts';
import { watchSilence } from './watch-silence.ts';

const LIMIT_MS = 1_000;
const clock = createManualClock();
let server: http.Server;
let client: Socket;

/** A request, as it has come so far. */
async function begin(text: string, answer = (_: IncomingMessage, __: http.ServerResponse) => {}) {
  const arrived = Promise.withResolvers<{ request: IncomingMessage; response: http.ServerResponse }>();
  server = http.createServer((request, response) => {
    answer(request, response);
    arrived.resolve({ request, response });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  client.write(`PUT / HTTP/1.1\r\nhost: h\r\n${text}`);
  return arrived.promise;
}
const closed = () => once(client.resume(), 'close');

const bounded = suite('a request that does not come to its end');
bounded.after.each(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

bounded('is a 408', async () => {
  const { request, response } = await begin('content-length: 4\r\n\r\nha');
  boundRequest(request, response, { limitMs: LIMIT_MS, clock });
  clock.advance(LIMIT_MS);
  assert.match(String((await once(client, 'data'))[0]), /^HTTP\/1\.1 408 .*The request took too long/s);
});

bounded('is cut off when it has its answer already', async () => {
  const { request, response } = await begin('content-length: 4\r\n\r\nha', (_, each) =>
    each.writeHead(413).flushHeaders(),
  );
  boundRequest(request, response, { limitMs: LIMIT_MS, clock });
  clock.advance(LIMIT_MS);
  await closed();
});

bounded('is not waited for when it has its answer, and its client is gone', async () => {
  const { request, response } = await begin('content-length: 4\r\n\r\nha', (_, each) =>
    each.writeHead(413).end(),
  );
  boundRequest(request, response, { limitMs: LIMIT_MS, clock });
  const gone = new Promise((resolve) => request.socket.once('close', resolve));
  client.destroy();
  await gone;
  assert.is(clock.pending(), 0);
});

bounded('may go on when it is told so', async () => {
  const { request, response } = await begin('content-length: 4\r\n\r\nha');
  boundRequest(request, response, { limitMs: LIMIT_MS, clock })();
  assert.is(clock.pending(), 0);
});

bounded('is not waited for when it has no body, or is gone', async () => {
  const { request, response } = await begin('content-length: 0\r\n\r\n');
  boundRequest(request, response, { limitMs: LIMIT_MS, clock });
  assert.is(clock.pending(), 0);
  client.destroy();
  server.close();
  const other = await begin('transfer-encoding: chunked\r\n\r\n');
  boundRequest(other.request, other.response, { limitMs: LIMIT_MS, clock });
  assert.is(clock.pending(), 1);
  other.request.on('error', () => undefined);
  const gone = new Promise((resolve) => other.request.once('close', resolve));
  client.destroy();
  await gone;
  assert.is(clock.pending(), 0);
});

bounded('is cut off when nothing comes any more, and only then', async () => {
  const { request } = await begin('content-length: 9\r\n\r\nha');
  let noticed = 0;
  watchSilence(request, { silentMs: LIMIT_MS, clock, onBytes: () => noticed++ });
  request.on('error', () => undefined).resume();
  const more = once(request, 'data');
  client.write('lf');
  await more;
  while (request.socket.bytesRead < 'PUT / HTTP/1.1\r\nhost: h\r\ncontent-length: 9\r\n\r\nhalf'.length)
    await new Promise(setImmediate);
  clock.advance(LIMIT_MS);
  assert.is(noticed, 1);
  assert.not(request.destroyed);
  clock.advance(LIMIT_MS);
  await closed();
  assert.is(clock.pending(), 0);
});

bounded.run();
