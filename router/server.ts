import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Clock, repeat } from '../core/domain/clock.ts';
import { logEvent } from '../core/log/log-event.ts';
import type { Logger } from '../core/log/logger.ts';
import { refuseMalformed } from '../core/server/refuse-malformed.ts';
import { NO_TRACING, type Tracing } from '../core/tracing/tracing.ts';
import type { Authenticate } from './authenticate.ts';
import { createConnections } from './connections.ts';
import type { SessionFinder } from './find-session.ts';
import { ROUTER_LIMITS, type RouterLimits } from './limits.ts';
import { createRouterMetrics } from './metrics.ts';
import { createRefusalLog } from './refusal-log.ts';
import type { RouterParts } from './router-parts.ts';
import { serveRequest } from './serve-request.ts';
import { serveUpgrade } from './serve-upgrade.ts';
import { watchDeparture } from './watch-departure.ts';

export interface RouterOptions {
  readonly authenticate: Authenticate;
  readonly sessions: SessionFinder;
  readonly maxSockets: number;
  readonly publicOrigin: string | undefined;
  readonly logger: Logger;
  readonly tracing?: Tracing;
  readonly clock: Clock;
  readonly limits?: Partial<RouterLimits>;
  /** Whether ECS wants this task to stop. */
  readonly askWhetherStopping?: (() => Promise<boolean>) | undefined;
}

export interface Router {
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Takes over a client that another process has accepted, with what it has sent so far. */
  adopt(client: Socket, sent: Buffer): void;
  /** Takes nobody any more, lets the connections go on for `drainMs` and then closes them. Resolves when all is over. */
  drain(drainMs: number): Promise<void>;
}

/** In front of the sessions' proxies, on one port: WebSockets and the live view, by the token that is in the URL. */
export function createRouter({
  maxSockets,
  sessions,
  askWhetherStopping,
  tracing = NO_TRACING,
  ...options
}: RouterOptions): Router {
  const { clock, logger } = options;
  const limits: RouterLimits = { ...ROUTER_LIMITS, ...options.limits };
  const connections = createConnections({ ...limits, maxSockets }, clock);
  const load = () => ({ open: connections.count(), waiting: sessions.waitingCount() });
  const metrics = createRouterMetrics(load);
  const refusalFor = createRefusalLog({ metrics, logger });
  const { sendAway } = connections;
  const departure = watchDeparture({ clock, logger, askWhetherStopping, sendAway }, limits);
  const server = createServer({
    ...options,
    tracing,
    sessions,
    connections,
    metrics,
    departure,
    refusalFor,
    limits,
  });
  const stopLoadLog = repeat(clock, limits.loadLogMs, () =>
    logEvent(logger, 'router.load', { outcome: 'ok', ...load() }),
  );

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve(server.address() as AddressInfo));
      }),
    adopt(client, sent) {
      // As the server's own sockets are: who has said all it has to say still gets its answer.
      client.allowHalfOpen = true;
      client.unshift(sent);
      server.emit('connection', client);
    },
    async drain(drainMs) {
      logger.info('draining', load());
      departure.stop();
      await connections.drain(drainMs, limits.lingerMs);
      stopLoadLog();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await tracing.flush();
    },
  };
}

function createServer(parts: RouterParts): http.Server {
  const { limits } = parts;
  const server = http.createServer({
    requestTimeout: limits.uploadMs,
    headersTimeout: limits.httpRequestMs,
    keepAliveTimeout: limits.keptConnectionMs,
    maxHeaderSize: limits.maxHeaderBytes,
    noDelay: true,
  });
  server.maxConnections = limits.maxConnections;
  server.on('upgrade', (request, socket, head) => void serveUpgrade(parts, request, socket as Socket, head));
  server.on('request', (request, response) => void serveRequest(parts, request, response));
  refuseMalformed(server);
  return server;
}
