import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Logger } from '../core/log/logger.ts';
import { type Refusal, refuseOnSocket, refuseRequest } from '../core/server/refusal.ts';
import type { Admission } from './authenticate.ts';
import { createConnections } from './connections.ts';
import type { SessionId } from './find-session.ts';
import { forwardRequest } from './forward-request.ts';
import { forwardUpgrade } from './forward-upgrade.ts';
import { holdClient } from './hold-client.ts';
import { ROUTER_LIMITS, type RouterLimits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { createRefusalLog } from './refusal-log.ts';
import { REFUSALS } from './refusals.ts';
import type { Splice } from './splice.ts';
import { watchStall } from './watch-stall.ts';

export interface RouterOptions {
  readonly admission: Admission;
  readonly waitingCount: () => number;
  readonly maxSockets: number;
  readonly logger: Logger;
  readonly limits?: Partial<RouterLimits>;
}

export interface Router {
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Takes nobody any more, lets the connections go on for `drainMs` and then closes them. Resolves when all is over. */
  drain(drainMs: number): Promise<void>;
}

const LOOPBACK_PEERS: readonly (string | undefined)[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];
const HEALTH_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const;
const CLIENT_FAULTS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: REFUSALS.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: REFUSALS.tooSlow,
};

/** In front of the sessions' proxies, on one port: WebSockets and the live view, by the token that is in the URL. */
export function createRouter({ admission, waitingCount, logger, ...options }: RouterOptions): Router {
  const limits: RouterLimits = { ...ROUTER_LIMITS, ...options.limits };
  const metrics = createMetrics();
  const connections = createConnections({ ...limits, maxSockets: options.maxSockets });
  const refusalFor = createRefusalLog({ metrics, logger });
  const load = () => ({ open: connections.count(), waiting: waitingCount() });
  const loadLog = setInterval(() => logger.info('load', load()), limits.loadLogMs).unref();

  const server = http.createServer({
    requestTimeout: limits.httpRequestMs,
    headersTimeout: limits.httpRequestMs,
    keepAliveTimeout: limits.keptConnectionMs,
    maxHeaderSize: limits.maxHeaderBytes,
    noDelay: true,
  });
  server.maxConnections = limits.maxConnections;
  server.on('upgrade', (request, socket, head) => void upgrade(request, socket as Socket, head));
  server.on('request', (request, response) => void answer(request, response));
  server.on('connect', (_request, socket) => refuseOnSocket(socket, REFUSALS.wrongMethod));
  server.on('checkExpectation', (_request, response) => refuseRequest(response, REFUSALS.expectation));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    refuseOnSocket(socket, CLIENT_FAULTS[error.code ?? ''] ?? REFUSALS.badRequest),
  );

  async function upgrade(request: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
    client.on('error', () => undefined);
    const held = holdClient(client, head, limits.maxEarlyBytes);
    const connection = connections.open(held.abort);
    try {
      connection.assertOpen();
      const joined = await forwardUpgrade(request, client, held, { admission, connection, limits });
      const { splice, session } = joined;
      const log = logger.with({ ...session });
      const joinedAt = performance.now();
      connection.join(splice);
      metrics.countAnswer('upgrade', 101);
      log.info('client connected');
      const unwatch = watchStall(client, limits.stallMs, () => void cutIfOver(session, splice));
      const bytes = await splice.closed.finally(unwatch);
      metrics.countBytes(bytes);
      log.info('client disconnected', { ...bytes, durationMs: Math.round(performance.now() - joinedAt) });
    } catch (error) {
      held.release();
      const refusal = refusalFor(error, 'upgrade');
      if (refusal === undefined) client.destroy();
      else refuseOnSocket(client, refusal);
    } finally {
      connection.close();
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0];
    if (path === '/health') return answerHealth(response);
    if (path === '/metrics' && LOOPBACK_PEERS.includes(request.socket.remoteAddress)) {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4', 'cache-control': 'no-store' });
      response.end(metrics.render(load()));
      return;
    }
    // A request is short: while the router drains it may go on.
    const connection = connections.open(() => undefined);
    response.on('error', () => undefined);
    try {
      connection.assertOpen();
      await forwardRequest(request, response, { admission, connection, limits });
      metrics.countAnswer('request', response.statusCode);
    } catch (error) {
      const refusal = refusalFor(error, 'request');
      if (refusal === undefined || response.headersSent) response.destroy();
      else refuseRequest(response, refusal);
      request.resume();
    } finally {
      connection.close();
    }
  }

  /** Whether new connections should come here. What DynamoDB does is the same for every router, and not asked. */
  function answerHealth(response: ServerResponse): void {
    if (connections.isDraining()) refuseRequest(response, REFUSALS.draining);
    else response.writeHead(200, HEALTH_HEADERS).end('{"status":"ok"}');
  }

  /** A client may be slow as long as its session lives; of an end it hears only when it reads. */
  async function cutIfOver(session: SessionId, splice: Splice): Promise<void> {
    try {
      if (await admission.isOver(session)) splice.cut();
    } catch (error) {
      logger.warn('whether a session is over cannot be told; it is asked again', { ...session, error });
    }
  }

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve(server.address() as AddressInfo));
      }),
    async drain(drainMs) {
      logger.info('draining', load());
      await connections.drain(drainMs, limits.lingerMs);
      clearInterval(loadLog);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
