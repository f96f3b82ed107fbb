import type { IncomingMessage } from 'node:http';

// RFC 9110, 7.6.1: these are between two neighbours. The router says its own to the next one.
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
];
// No request with a body is passed on, and the next host is a container.
const REPLACED = ['host', 'content-length', 'expect', 'x-forwarded-for'];
// What opens the API is nothing that a container with somebody's browser in it should see.
const CREDENTIALS = ['authorization', 'cookie', 'x-bb-api-key', 'x-wc-api-key'];

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** The headers of a client's request that go on towards a container, with the client's neighbour added to those before. */
export function forwardedHeaders(
  request: Pick<IncomingMessage, 'rawHeaders' | 'headers'>,
  peer: string,
): HeaderList {
  const named = request.headers.connection?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
  const dropped = new Set([...HOP_BY_HOP, ...REPLACED, ...CREDENTIALS, ...named]);
  const kept = pairsOf(request.rawHeaders).filter(([name]) => !dropped.has(name.toLowerCase()));
  const forwardedFor = [request.headers['x-forwarded-for'] ?? [], peer].flat().join(', ');
  return [...kept, ['X-Forwarded-For', forwardedFor]];
}

/** The headers of a container's answer that go on to the client. */
export function returnedHeaders({
  rawHeaders,
  headers,
}: Pick<IncomingMessage, 'rawHeaders' | 'headers'>): HeaderList {
  const named = headers.connection?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
  const dropped = new Set([...HOP_BY_HOP, ...named]);
  return pairsOf(rawHeaders).filter(([name]) => !dropped.has(name.toLowerCase()));
}

function pairsOf(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] as string, rawHeaders[index + 1] as string]);
  }
  return pairs;
}
