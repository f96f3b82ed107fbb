import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EndReason } from '../../core/domain/end-reason.ts';
import type { ProxyRoute } from '../../core/domain/proxies.ts';
import type { SessionStatus } from '../../core/domain/session.ts';
import type { ArtifactRef } from '../container-api/container-api.ts';

export interface Call {
  readonly sessionId: string;
  readonly operation: string;
  readonly body: Record<string, unknown>;
  readonly authorization: string | undefined;
}

interface PlatformState {
  status: SessionStatus;
  endReason: EndReason | null;
  /** The stored archive; null: there is none yet. */
  archive: Buffer | null;
  /** Segments of the log by their sequence, as they were stored. */
  readonly segments: Map<number, Buffer>;
  /** What was stored of its recording, by page and name. */
  readonly recordings: Map<string, Buffer>;
  /** The stored zip of the session's extension; null: it has been deleted. */
  extension: Buffer | null;
  /** Those of the session, as PEM; null: one has been deleted. */
  certificates: readonly string[] | null;
  /** Those of the session, which are told where no certificate has been deleted. */
  proxies: readonly ProxyRoute[];
  /** Answers of the store before it works. */
  failNextStoreCalls: number;
  /** The container API answers 500. */
  isApiDown: boolean;
  /** To a warm container that reports ready. */
  warmStatus: number;
  puts: number;
}

interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
}

const NOTHING = '';
const EXTENSION = '/store/extension?X-Amz-Signature=secret';

/** The container API and the contexts' bucket, as far as a controller sees them, on one loopback port. */
export async function startFakePlatform() {
  const log = createCallLog();
  const state: PlatformState = {
    status: 'READY',
    endReason: null,
    archive: null,
    segments: new Map(),
    recordings: new Map(),
    extension: null,
    certificates: null,
    proxies: [],
    failNextStoreCalls: 0,
    isApiDown: false,
    warmStatus: 200,
    puts: 0,
  };
  const server = http.createServer((request, response) => {
    void readBody(request).then((body) => {
      const isStore = request.url?.startsWith('/store') === true;
      if (!isStore) log.add(callOf(request, body));
      const answer = isStore ? serveStore(state, request, body) : serveApi(state, request, url, body);
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(answer.body);
      log.notify();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    extensionUrl: `${url}${EXTENSION}`,
    state,
    calls: log.calls,
    find: log.find,
    called: log.called,
    /** Who still waits for a call hears that none will come. */
    async stop(): Promise<void> {
      log.end();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function serveStore(state: PlatformState, request: http.IncomingMessage, body: Buffer): Answer {
  if (state.failNextStoreCalls > 0) {
    state.failNextStoreCalls -= 1;
    return { status: 503, body: NOTHING };
  }
  const [, sequence] = /^\/store\/logs\/(\d+)/.exec(request.url ?? '') ?? [];
  if (sequence !== undefined) {
    state.segments.set(Number(sequence), body);
    return { status: 200, body: NOTHING };
  }
  const [, part] = /^\/store\/recordings\/([^?]+)/.exec(request.url ?? '') ?? [];
  if (part !== undefined) {
    state.recordings.set(part, body);
    return { status: 200, body: NOTHING };
  }
  if (request.url === EXTENSION) return stored(state.extension);
  if (request.method === 'PUT') {
    state.puts += 1;
    state.archive = body;
    return { status: 200, body: NOTHING };
  }
  return stored(state.archive);
}

const stored = (object: Buffer | null): Answer =>
  object === null ? { status: 404, body: NOTHING } : { status: 200, body: object };

function serveApi(state: PlatformState, request: http.IncomingMessage, url: string, body: Buffer): Answer {
  if (state.isApiDown) return { status: 500, body: '{}' };
  if (request.url?.startsWith('/internal/warm/') === true) return { status: state.warmStatus, body: '{}' };
  if (request.url?.endsWith('/artifact-urls') === true) return { status: 200, body: urlsFor(body, url) };
  if (request.url?.endsWith('/network') === true) return networkOf(state);
  const { status, endReason } = state;
  const isProfile = request.url?.endsWith('/profile-urls') === true;
  const isExtension = request.url?.endsWith('/extension-urls') === true;
  if (isProfile || isExtension)
    return {
      status: 200,
      body: JSON.stringify({
        url: isExtension ? `${url}${EXTENSION}` : `${url}/store?X-Amz-Signature=secret`,
        // Of a save; here anything may be replaced.
        headers: {},
      }),
    };
  return { status: 200, body: JSON.stringify({ status, endReason }) };
}

const networkOf = ({ certificates, proxies }: PlatformState): Answer =>
  certificates === null
    ? { status: 404, body: JSON.stringify({ message: 'No certificate' }) }
    : { status: 200, body: JSON.stringify({ certificates, proxies }) };

const urlsFor = (body: Buffer, url: string): string => {
  const { artifacts } = JSON.parse(body.toString()) as { artifacts: readonly ArtifactRef[] };
  const urls = artifacts.map((artifact) => `${url}/store/${pathOf(artifact)}?X-Amz-Signature=secret`);
  return JSON.stringify({ urls });
};

function pathOf(artifact: ArtifactRef): string {
  if (artifact.kind === 'recording') return `recordings/${artifact.page}/${artifact.chunk}`;
  if (artifact.kind === 'recording-index') return `recordings/${artifact.page}/index`;
  return artifact.kind === 'log' ? `logs/${artifact.sequence}` : `downloads/${artifact.id}`;
}

function callOf(request: http.IncomingMessage, body: Buffer): Call {
  const [sessionId = '', operation = ''] = request.url?.split('/').slice(-2) ?? [];
  const { authorization } = request.headers;
  return { sessionId, operation, body: JSON.parse(body.toString()), authorization };
}

/** What the container API was asked, and who waits for it. */
function createCallLog() {
  const calls: Call[] = [];
  const watchers = new Set<() => void>();
  const { promise: over, reject: endWaits } = Promise.withResolvers<never>();
  // Where nobody waits.
  over.catch(() => undefined);
  const find = (operation: string) => calls.filter((call) => call.operation === operation);
  return {
    calls,
    find,
    add: (call: Call) => calls.push(call),
    /** The answers have been sent. */
    notify() {
      for (const watch of [...watchers]) watch();
    },
    /** No call comes any more. */
    end() {
      const made = [...new Set(calls.map(({ operation }) => operation))].join(', ');
      endWaits(
        new Error(`The platform has stopped, and a call was still waited for. Those that came: ${made}`),
      );
    },
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
      const call = Promise.race([promise, over]);
      // A test that has failed meanwhile asks for it no more.
      call.catch(() => undefined);
      return call;
    },
  };
}

export type FakePlatform = Awaited<ReturnType<typeof startFakePlatform>>;

async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
