/** Requests that no client of ours writes. None of them may be served, and no part of one as another. */

export interface RawRequest {
  readonly what: string;
  readonly bytes: string | Uint8Array;
  /** It is a request like another: it may be answered, by what answers those. */
  readonly isHarmless?: boolean;
}

const NL = '\r\n';
/** What a smuggler wants to be served: the only thing here that is answered with a 200 to everybody. */
export const PRIZE = `GET /openapi.json HTTP/1.1${NL}Host: x${NL}${NL}`;

const request = (lines: readonly string[], body = '') => `${lines.join(NL)}${NL}${NL}${body}`;
const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

/** Of which two readers may see two requests. */
export const smuggled = (path: string): readonly RawRequest[] => {
  const post = `POST ${path} HTTP/1.1`;
  const get = `GET ${path} HTTP/1.1`;
  return [
    {
      what: 'a length and chunks',
      bytes: request(
        [post, 'Host: x', 'Content-Length: 4', 'Transfer-Encoding: chunked'],
        `0${NL}${NL}${PRIZE}`,
      ),
    },
    {
      what: 'two lengths',
      bytes: request([post, 'Host: x', 'Content-Length: 0', `Content-Length: ${PRIZE.length}`], PRIZE),
    },
    {
      what: 'a length with a comma',
      bytes: request([post, 'Host: x', `Content-Length: 0, ${PRIZE.length}`], PRIZE),
    },
    { what: 'a length with a sign', bytes: request([post, 'Host: x', 'Content-Length: +0'], PRIZE) },
    { what: 'a length below zero', bytes: request([post, 'Host: x', 'Content-Length: -1'], PRIZE) },
    { what: 'a length in hex', bytes: request([post, 'Host: x', 'Content-Length: 0x0'], PRIZE) },
    {
      what: 'chunks by another name',
      bytes: request([post, 'Host: x', 'Transfer-Encoding: xchunked'], PRIZE),
    },
    {
      what: 'chunks and something',
      bytes: request([post, 'Host: x', 'Transfer-Encoding: chunked, identity'], `0${NL}${NL}${PRIZE}`),
    },
    {
      what: 'a space before the colon',
      bytes: request([post, 'Host: x', 'Transfer-Encoding : chunked', 'Content-Length: 0'], PRIZE),
    },
    {
      what: 'a chunk larger than any number',
      bytes: request([post, 'Host: x', 'Transfer-Encoding: chunked'], `ffffffffffffffffff${NL}x`),
    },
    {
      what: 'a chunk below zero',
      bytes: request([post, 'Host: x', 'Transfer-Encoding: chunked'], `-1${NL}${PRIZE}`),
    },
    {
      what: 'an upgrade with a body',
      bytes: request([post, 'Host: x', ...UPGRADE, KEY, `Content-Length: ${PRIZE.length}`], PRIZE),
    },
    {
      what: 'an upgrade with a request behind it',
      bytes: request([get, 'Host: x', ...UPGRADE, KEY], PRIZE),
    },
    {
      what: 'an upgrade of another version, with a request behind it',
      bytes: request(
        [get, 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 777', KEY],
        PRIZE,
      ),
    },
    {
      what: 'an upgrade in chunks',
      bytes: request([get, 'Host: x', ...UPGRADE, KEY, 'Transfer-Encoding: chunked'], `0${NL}${NL}${PRIZE}`),
    },
    {
      what: 'an upgrade with settings of HTTP/2',
      bytes: request(
        [
          get,
          'Host: x',
          'Connection: Upgrade, HTTP2-Settings',
          'Upgrade: h2c',
          'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
        ],
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      ),
    },
    { what: 'a tunnel', bytes: request(['CONNECT 127.0.0.1:22 HTTP/1.1', 'Host: x'], PRIZE) },
    { what: 'lines that end with a line feed', bytes: `${get}\nHost: x\nX: y\n\n`, isHarmless: true },
    { what: 'a zero byte in a header', bytes: request([get, 'Host: x', 'X: a\0b'], '') },
    { what: 'a zero byte in the path', bytes: request([`GET ${path}\0 HTTP/1.1`, 'Host: x']) },
    {
      what: 'a carriage return in a header',
      bytes: request([get, 'Host: x', 'X: a\rTransfer-Encoding: chunked'], PRIZE),
    },
    { what: 'a folded header', bytes: request([get, 'Host: x', 'X: a', ' b']), isHarmless: true },
    { what: 'two hosts', bytes: request([get, 'Host: x', 'Host: y']), isHarmless: true },
    { what: 'no host', bytes: request([get]), isHarmless: true },
    {
      what: 'an address of another host',
      bytes: request([`GET http://evil.example${path} HTTP/1.1`, 'Host: x']),
      isHarmless: true,
    },
    { what: 'HTTP/2 at once', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
    { what: 'HTTP/0.9', bytes: `GET ${path}\r\n\r\n` },
    { what: 'HTTP/9.9', bytes: request([`GET ${path} HTTP/9.9`, 'Host: x']) },
    { what: 'TLS', bytes: new Uint8Array([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]) },
    { what: 'noise', bytes: Uint8Array.from({ length: 4_096 }, (_, index) => (index * 197 + 13) % 256) },
    { what: 'an unknown expectation', bytes: request([get, 'Host: x', 'Expect: 200-maybe']) },
    { what: 'a header of 20 kB', bytes: request([get, 'Host: x', `X: ${'a'.repeat(20_000)}`]) },
    { what: 'a target of 20 kB', bytes: request([`GET ${path}?${'a'.repeat(20_000)} HTTP/1.1`, 'Host: x']) },
    {
      what: 'two thousand headers',
      bytes: request([get, 'Host: x', ...Array.from({ length: 2_000 }, (_, index) => `X${index}: ${index}`)]),
    },
    {
      what: 'headers that mean something to JavaScript',
      bytes: request([
        get,
        'Host: x',
        '__proto__: a',
        'constructor: b',
        'toString: c',
        'x-bb-api-key: d',
        '__proto__: e',
      ]),
      isHarmless: true,
    },
    {
      what: 'a header that is no UTF-8',
      bytes: request([get, 'Host: x', 'X-BB-API-Key: \xff\xfe\xc0\x80']),
      isHarmless: true,
    },
  ];
};
