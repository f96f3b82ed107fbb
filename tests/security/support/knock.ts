/** One raw request, exactly as it is written: nothing resolves its dots, adds a header or follows an answer. */
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';

export interface Knock {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** Asks for a WebSocket. */
  readonly isUpgrade?: boolean;
  readonly host?: string;
}

export interface KnockAnswer {
  readonly status: number;
  readonly body: string;
  readonly tookMs: number;
}

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
const LIMIT_MS = 20_000;

/** What is answered; an upgrade that is taken is a 101, and closed again at once. */
export function knock({ port, path, method = 'GET', headers, body, isUpgrade, host = '127.0.0.1' }: Knock) {
  const startedAt = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<KnockAnswer>();
  const tookMs = () => performance.now() - startedAt;
  const request = http.request({
    host,
    port,
    path,
    method,
    // Kept open: a server that closes at once takes its answer with it, while a body is on its way.
    headers: {
      ...(isUpgrade === true ? UPGRADE : { connection: 'keep-alive' }),
      ...headers,
    } as http.OutgoingHttpHeaders,
    agent: false,
    timeout: LIMIT_MS,
  });
  request.on('upgrade', (_response, socket) => {
    socket.destroy();
    resolve({ status: 101, body: '', tookMs: tookMs() });
  });
  request.on('response', async (response) => {
    try {
      resolve({ status: response.statusCode ?? 0, body: await text(response), tookMs: tookMs() });
      request.destroy();
    } catch (error) {
      reject(error);
    }
  });
  request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path.slice(0, 200)}`)));
  request.on('error', reject);
  request.end(body);
  return promise;
}
