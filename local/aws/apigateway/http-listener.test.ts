import { once } from 'node:events';
import { connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Listener } from '../wire/listen.ts';
import { listenToClients } from './http-listener.ts';

const SOON = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 20 };
let listener: Listener;
const start = async (arrival?: typeof SOON) => {
  listener = await listenToClients(0, (_request, response) => void response.end('reached'), arrival);
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

/** Fails unless `answer` is one whole error in the shape of the API, and the connection's end. */
function assertRefusal(answer: string, status: number, error: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  assert.ok(head.startsWith(`HTTP/1.1 ${status} ${error}\r\n`), head);
  assert.match(head, /\r\ncontent-type: application\/json(\r\n|$)/i);
  assert.match(head, new RegExp(`content-length: ${Buffer.byteLength(body)}(\r\n|$)`, 'i'));
  const { message, ...rest } = JSON.parse(body) as Record<string, unknown>;
  assert.equal(rest, { statusCode: status, error });
  assert.type(message, 'string');
}

const t = suite('the listener');
t.after.each(() => listener.close());

const REFUSED: readonly [what: string, bytes: string, status: number, error: string][] = [
  ['what is no request', 'nonsense\r\n\r\n', 400, 'Bad Request'],
  ['a request without Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'Bad Request'],
  [
    'an unknown expectation',
    'POST / HTTP/1.1\r\nhost: a\r\nexpect: tea\r\ncontent-length: 1\r\n\r\nx',
    417,
    'Expectation Failed',
  ],
  [
    'headers that are too large',
    `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    431,
    'Request Header Fields Too Large',
  ],
  [
    'chunk extensions without end',
    `POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}\r\n`,
    413,
    'Payload Too Large',
  ],
  ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n', 405, 'Method Not Allowed'],
];
for (const [what, bytes, status, error] of REFUSED) {
  t(`answers ${what} with ${status} in the shape of every error`, async () => {
    listener = await listenToClients(0, (request) => void request.resume());
    assertRefusal(await exchange(bytes), status, error);
  });
}

t('answers a request that does not arrive with 408, in its headers and in its body', async () => {
  await start(SOON);
  assertRefusal(await exchange('GET / HTTP/1.1\r\nhost:'), 408, 'Request Timeout');
  await listener.close();
  listener = await listenToClients(0, (request) => void request.resume(), SOON);
  const half = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf';
  assertRefusal(await exchange(half), 408, 'Request Timeout');
});

t('passes on what is a request, also one of HTTP/1.0 and one that asks for 100-continue', async () => {
  await start();
  assert.match(await exchange('GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 .*reached$/s);
  const careful = 'POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n';
  assert.match(await exchange(careful), /^HTTP\/1\.1 100 Continue\r\n.*reached/s);
});

t('says in a sentence that its port is taken', async () => {
  await start();
  try {
    await listenToClients(listener.port, () => {});
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, `Port ${listener.port} is in use: set PORT to another one`);
  }
});

t.run();
