import type { IncomingHttpHeaders } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { forwardedHeaders, returnedHeaders } from './forwarded-headers.ts';

/** A message as Node's parser hands it over: names as they were sent, and by lower-case name. */
function messageOf(...pairs: readonly (readonly [name: string, value: string])[]) {
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return { rawHeaders: pairs.flat(), headers };
}
const namesOf = (list: readonly (readonly [string, string])[]) => list.map(([name]) => name);
const HOP_BY_HOP = [
  ['Connection', 'close'],
  ['Keep-Alive', 'timeout=5'],
  ['Proxy-Authenticate', 'Basic'],
  ['PROXY-AUTHORIZATION', 'Basic x'],
  ['Proxy-Connection', 'keep-alive'],
  ['TE', 'trailers'],
  ['Trailer', 'X-End'],
  ['Transfer-Encoding', 'chunked'],
  ['Upgrade', 'websocket'],
  ['HTTP2-Settings', 'x'],
] as const;

const headers = suite('headers that go on');

headers('to a container are the client’s, as they were written, in their order', () => {
  const message = messageOf(
    ['Sec-WebSocket-Key', 'k'],
    ['user-agent', 'Test'],
    ['X-Two', '1'],
    ['x-two', '2'],
    ['Sec-WebSocket-Extensions', 'permessage-deflate'],
  );
  assert.equal(forwardedHeaders(message, '10.0.0.7'), [
    ['Sec-WebSocket-Key', 'k'],
    ['user-agent', 'Test'],
    ['X-Two', '1'],
    ['x-two', '2'],
    ['Sec-WebSocket-Extensions', 'permessage-deflate'],
    ['X-Forwarded-For', '10.0.0.7'],
  ]);
});

headers('name the whole way, with the neighbour last: only that one is not the client’s word', () => {
  const forwardedFor = (...values: readonly string[]) =>
    forwardedHeaders(messageOf(...values.map((value) => ['X-Forwarded-For', value] as const)), '10.0.0.7');
  assert.equal(forwardedFor('203.0.113.9'), [['X-Forwarded-For', '203.0.113.9, 10.0.0.7']]);
  assert.equal(forwardedFor('1.1.1.1', '2.2.2.2'), [['X-Forwarded-For', '1.1.1.1, 2.2.2.2, 10.0.0.7']]);
  assert.equal(forwardedFor('x, y'), [['X-Forwarded-For', 'x, y, 10.0.0.7']]);
});

headers('are none that are between two neighbours, in neither direction', () => {
  const message = messageOf(...HOP_BY_HOP, ['X-End', 'kept']);
  assert.equal(namesOf(forwardedHeaders(message, '::1')), ['X-End', 'X-Forwarded-For']);
  assert.equal(returnedHeaders(message), [['X-End', 'kept']]);
});

headers('are none that Connection names, however it is written', () => {
  const message = messageOf(
    ['Connection', ' X-Secret ,close,x-OTHER,,'],
    ['x-secret', '1'],
    ['X-Other', '2'],
    ['X-Secret-Too', '3'],
  );
  assert.equal(namesOf(forwardedHeaders(message, '::1')), ['X-Secret-Too', 'X-Forwarded-For']);
  assert.equal(namesOf(returnedHeaders(message)), ['X-Secret-Too']);
});

headers('cannot be taken from the next one by naming them in Connection', () => {
  const message = messageOf(['Connection', 'X-Forwarded-For'], ['X-Forwarded-For', '203.0.113.9']);
  assert.equal(forwardedHeaders(message, '10.0.0.7'), [['X-Forwarded-For', '203.0.113.9, 10.0.0.7']]);
});

headers('to a container open no API, and promise no body', () => {
  const message = messageOf(
    ['Authorization', 'Bearer x'],
    ['COOKIE', 'a=b'],
    ['X-BB-API-Key', 'k'],
    ['x-wc-api-key', 'k'],
    ['Host', 'router.example'],
    ['Content-Length', '0'],
    ['Expect', '100-continue'],
    ['Accept', '*/*'],
  );
  assert.equal(namesOf(forwardedHeaders(message, '::1')), ['Accept', 'X-Forwarded-For']);
});

headers('to a client are the container’s with its length and its cookies', () => {
  const message = messageOf(
    ['Content-Length', '5'],
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
    ['Content-Type', 'text/html'],
  );
  assert.equal(returnedHeaders(message), [
    ['Content-Length', '5'],
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
    ['Content-Type', 'text/html'],
  ]);
});

headers.run();
