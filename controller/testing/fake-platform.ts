import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EndReason } from '../../core/domain/end-reason.ts';
import type { SessionStatus } from '../../core/domain/session.ts';

export interface Call {
  readonly sessionId: string;
  readonly operation: string;
  readonly body: Record<string, unknown>;
  readonly authorization: string | undefined;
}

/** The container API and the contexts' bucket, as far as a controller sees them, on one loopback port. */
export async function startFakePlatform() {
  const calls: Call[] = [];
  const watchers = new Set<() => void>();
  const state = {
    status: 'READY' as SessionStatus,
    endReason: null as EndReason | null,
    /** The stored archive; null: there is none yet. */
    archive: null as Buffer | null,
    /** Answers of the store before it works. */
    failNextStoreCalls: 0,
    /** The container API answers 500. */
    isApiDown: false,
    puts: 0,
  };

  const server = http.createServer((request, response) => {
    void readBody(request).then((body) => {
      const answer = request.url?.startsWith('/store') ? serveStore(request, body) : serveApi(request, body);
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(answer.body);
      for (const watch of [...watchers]) watch();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function serveStore(request: http.IncomingMessage, body: Buffer) {
    if (state.failNextStoreCalls > 0) {
      state.failNextStoreCalls -= 1;
      return { status: 503, body: '' };
    }
    if (request.method === 'PUT') {
      state.puts += 1;
      state.archive = body;
      return { status: 200, body: '' };
    }
    return state.archive === null ? { status: 404, body: '' } : { status: 200, body: state.archive };
  }

  function serveApi(request: http.IncomingMessage, body: Buffer) {
    const [sessionId = '', operation = ''] = request.url?.split('/').slice(-2) ?? [];
    calls.push({
      sessionId,
      operation,
      body: JSON.parse(body.toString()),
      authorization: request.headers.authorization,
    });
    if (state.isApiDown) return { status: 500, body: '{}' };
    const { status, endReason } = state;
    const view = { status, endReason };
    const answer = operation === 'profile-urls' ? { url: `${url}/store?X-Amz-Signature=secret` } : view;
    return { status: 200, body: JSON.stringify(answer) };
  }

  const find = (operation: string) => calls.filter((call) => call.operation === operation);
  return {
    url,
    state,
    calls,
    find,
    /** Resolves with the body of the first call of `operation`, made or to come. */
    called(operation: string, suits: (call: Call) => boolean = () => true): Promise<Call['body']> {
      const { promise, resolve } = Promise.withResolvers<Call['body']>();
      const watch = () => {
        const call = find(operation).find(suits);
        if (call === undefined) return;
        watchers.delete(watch);
        resolve(call.body);
      };
      watchers.add(watch);
      watch();
      return promise;
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type FakePlatform = Awaited<ReturnType<typeof startFakePlatform>>;

async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
