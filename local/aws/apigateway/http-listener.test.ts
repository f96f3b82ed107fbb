import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Listener } from '../wire/listen.ts';
import { listenToClients } from './http-listener.ts';

const SOON = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 20 };
let listener: Listener;
const start = async (limits?: typeof SOON) => {
  listener = await listenToClients(
    { port: 0, onRequest: (_request, response) => void response.end('reached') },
    limits,
  );
};

/** Sends raw bytes and returns what comes back until the other side ends. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect(listener.port, listener.host);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

const t = suite('the listener');
t.after.each(() => listener.close());

const CLOSE = 'connection: close\r\n';
const REFUSED: readonly [what: string, bytes: string, status: number, message: string][] = [
  ['what is no request', 'nonsense\r\n\r\n', 400, 'The request is not valid HTTP'],
  ['a request without Host', `GET / HTTP/1.1\r\n${CLOSE}\r\n`, 400, 'The request has no Host header'],
  [
    'headers that are too large',
    `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    431,
    'The headers of the request are too large',
  ],
  [
    'an expectation that is none',
    `GET / HTTP/1.1\r\nhost: a\r\n${CLOSE}expect: more\r\n\r\n`,
    417,
    'No expectation of a request is met here but 100-continue',
  ],
  ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n', 405, 'No tunnel is opened here'],
];
for (const [what, bytes, status, message] of REFUSED) {
  t(`answers ${what} with ${status} in the shape of the API, and ends the connection`, async () => {
    await start();
    const answer = await exchange(bytes);
    assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer);
    const error = STATUS_CODES[status];
    assert.equal(JSON.parse(answer.split('\r\n\r\n')[1] ?? ''), { statusCode: status, error, message });
  });
}

t('answers a request that does not arrive with 408, in its headers and in its body', async () => {
  await start(SOON);
  assert.match(
    await exchange('GET / HTTP/1.1\r\nhost:'),
    /^HTTP\/1\.1 408 [\s\S]*"message":"The request took too long"/,
  );
  await listener.close();
  listener = await listenToClients({ port: 0, onRequest: (request) => void request.resume() }, SOON);
  const half = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf';
  assert.match(await exchange(half), /^HTTP\/1\.1 408 [\s\S]*"message":"The request took too long"/);
});

t('passes on what is a request, also one of HTTP/1.0 and one that asks for 100-continue', async () => {
  await start();
  assert.match(await exchange('GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 .*reached$/s);
  const careful = 'POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n';
  assert.match(await exchange(careful), /^HTTP\/1\.1 100 Continue\r\n.*reached/s);
});

t(
  'gives away what asks for a WebSocket, and serves what asks for another protocol as if it had not',
  async () => {
    listener = await listenToClients({
      port: 0,
      onRequest: (_request, response) => void response.end('reached'),
      onUpgrade: (_request, client) => void client.end('given away'),
    });
    const asking = (protocol: string) =>
      `GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade, close\r\nupgrade: ${protocol}\r\n\r\n`;
    assert.is(await exchange(asking('websocket')), 'given away');
    assert.match(await exchange(asking('h2c')), /^HTTP\/1\.1 200 .*reached$/s);
  },
);

t.run();
