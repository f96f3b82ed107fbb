import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { SessionRoute } from '../../core/aws/sessions/get-session-route.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { addressTextOf } from '../../core/domain/address-text.ts';
import { createLogger } from '../../core/log/logger.ts';
import { connected, refusalOf } from '../../core/testing/handshake.ts';
import { bodyHashOf } from '../../core/tokens/body-hash.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf, type TokenAudience, type TokenClaims } from '../../core/tokens/tokens.ts';
import { createAuthenticate } from '../authenticate.ts';
import { createSessionFinder } from '../find-session.ts';
import { ROUTER_LIMITS, type RouterLimits } from '../limits.ts';
import { createPublicKeys } from '../public-keys.ts';
import { createRouter } from '../server.ts';

const HOST = '127.0.0.1';

/** A session's container as the router sees it: it echoes, and remembers what came. */
async function startFakeContainer() {
  const requests: IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    handlers.request(request, response);
  });
  function answer(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('x-from', 'container').setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ path: request.url }));
  }
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 300 << 20 });
  const handlers = { upgrade: accept, request: answer };
  function accept(request: IncomingMessage, socket: Socket, head: Buffer): void {
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data, isBinary) => client.send(data as Buffer, { binary: isBinary }));
      sockets.emit('connection', client);
    });
  }
  server.on('upgrade', (request, socket, head) => {
    requests.push(request);
    handlers.upgrade(request, socket as Socket, head);
  });
  const opened = new Set<Socket>();
  server.on('connection', (socket) => opened.add(socket));
  server.listen(0, HOST);
  await once(server, 'listening');
  return {
    address: { host: HOST, port: (server.address() as AddressInfo).port },
    requests,
    sockets,
    handlers,
    async stop(): Promise<void> {
      for (const socket of opened) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface FixtureOptions {
  readonly limits?: Partial<RouterLimits>;
  readonly readyWaitMs?: number;
  readonly maxSockets?: number;
  readonly maxWaiting?: number;
  readonly publicOrigin?: string;
}

/** A real router on a real port, before a fake container and a table of one session, `s1` of project `p1`. */
export async function startRouterFixture(options: FixtureOptions = {}) {
  const limits = { ...ROUTER_LIMITS, firstPollMs: 5, lastPollMs: 10, ...options.limits };
  const keySet = rotateKeySet(undefined, new Date());
  const container = await startFakeContainer();
  const ready: SessionRoute = { projectId: 'p1', status: 'READY', address: container.address };
  const state = {
    route: ready as SessionRoute | undefined,
    fault: undefined as Error | undefined,
    log: '',
    reads: 0,
  };
  const sessions = createSessionFinder({
    getRoute: async (sessionId) => {
      state.reads += 1;
      if (state.fault !== undefined) throw state.fault;
      return sessionId === 's1' ? state.route : undefined;
    },
    clock: systemClock,
    readyWaitMs: options.readyWaitMs ?? 10_000,
    maxWaiting: options.maxWaiting ?? 100,
    limits,
  });
  const publicKeys = createPublicKeys({
    read: async () => publicKeysOf(keySet),
    clock: systemClock,
    limits,
  });
  const router = createRouter({
    authenticate: createAuthenticate({ publicKeys, now: systemNow }),
    sessions,
    clock: systemClock,
    maxSockets: options.maxSockets ?? 100,
    publicOrigin: options.publicOrigin,
    logger: createLogger({}, (line) => {
      state.log += `${line}\n`;
    }),
    limits,
  });
  const { port } = await router.listen(HOST, 0);
  const token = (audience: TokenAudience, sessionId = 's1', projectId = 'p1') =>
    signToken(keySet, keySet.current, audience, {
      sessionId,
      projectId,
      expiresAt: new Date(Date.now() + 60_000),
    });
  /** The path of a claim with that body, for the container or whatever else `claims` names. */
  const claimPath = (body: string, claims: Partial<TokenClaims> = {}, audience: TokenAudience = 'claim') =>
    `/connect/claim/${signToken(keySet, keySet.current, audience, {
      sessionId: 's1',
      projectId: 'p1',
      warmId: 'w01',
      bodyHash: bodyHashOf(body),
      address: addressTextOf(container.address),
      expiresAt: new Date(Date.now() + 60_000),
      ...claims,
    })}`;
  const cdpPath = (sessionId?: string) => `/connect?signingKey=${token('cdp', sessionId)}`;
  const open = (path: string, headers: Record<string, string> = {}) =>
    new WebSocket(`ws://${HOST}:${port}${path}`, {
      perMessageDeflate: false,
      maxPayload: 300 << 20,
      headers,
    });

  return {
    port,
    router,
    container,
    ready,
    state,
    sessions,
    token,
    cdpPath,
    claimPath,
    open,
    get: (path: string, init?: RequestInit) => fetch(`http://${HOST}:${port}${path}`, init),
    /** A client that is connected. */
    connect: (path = cdpPath(), headers: Record<string, string> = {}) => connected(open(path, headers)),
    /** The answer to an upgrade that is refused. */
    refusal: (path: string) => refusalOf(open(path)),
    /** How many have a slot. */
    async openCount(): Promise<number> {
      const text = await (await fetch(`http://${HOST}:${port}/metrics`)).text();
      return Number(/open_connections (\d+)/.exec(text)?.[1]);
    },
    /** A bare socket, for what no well-behaved client sends. */
    raw: (text: string): Socket => {
      const socket = connect(port, HOST);
      socket.write(text);
      return socket;
    },
    async stop(): Promise<void> {
      await router.drain(0);
      await container.stop();
    },
  };
}

export type RouterFixture = Awaited<ReturnType<typeof startRouterFixture>>;

/** Everything a bare socket is sent until its end, a character for each byte. */
export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += (chunk as Buffer).toString('latin1');
  return text;
}

/** Resolves with the close code and reason of a client's socket. */
export async function closing(socket: WebSocket): Promise<readonly [code: number, reason: string]> {
  const [code, reason] = await once(socket, 'close');
  return [code, reason.toString()];
}
