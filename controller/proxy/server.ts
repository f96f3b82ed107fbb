import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { CloseNote } from '../../core/domain/close-codes.ts';
import type { Logger } from '../../core/log/logger.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { PublicKeys } from '../../core/tokens/tokens.ts';
import type { ChromeConnection } from '../chrome/connection.ts';
import { createFrontend, type Frontend } from '../live/frontend.ts';
import type { Access } from './authorize-upgrade.ts';
import { createClientSockets } from './client-sockets.ts';
import { type ClientTable, createClientTable } from './clients.ts';
import { PROXY_LIMITS, type ProxyLimits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { createRefuseUpgrade } from './refuse-upgrade.ts';
import { createRequestHandler } from './requests.ts';
import { createUpgradeHandler } from './upgrades.ts';

export interface ProxyOptions {
  readonly publicKeys: PublicKeys;
  readonly sessionId: string;
  readonly downloadsFolder: string;
  readonly logger: Logger;
  readonly now: () => number;
  readonly events: ProxyEvents;
  readonly limits?: Partial<ProxyLimits>;
}

export interface ProxyEvents {
  /** `closeCode`: with what the one that made the difference left. */
  onCdpClients(count: number, closeCode?: number): void;
  /** A client sent a command. */
  onCommand(): void;
  onBrowserClose(): void;
}

export interface SessionProxy {
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Chrome is there: waiting upgrades go on. */
  attach(connection: ChromeConnection): void;
  /** A key that opens the browser once, for the controller's own check. */
  issueProbeKey(): string;
  readonly clients: Pick<ClientTable, 'countCdp'>;
  /** Closes the sockets of CDP clients; the session goes on. */
  closeCdpClients(note: CloseNote): void;
  /** No client gets in any more, and those inside get this note. Resolves when all sockets are gone. */
  endSession(note: CloseNote): Promise<void>;
  close(): Promise<void>;
}

/** The one way to Chrome for anybody: HTTP and WebSocket on one port, everything behind a token of this session. */
export function createProxy(options: ProxyOptions): SessionProxy {
  const { publicKeys, sessionId, downloadsFolder, logger, events, now } = options;
  const limits: ProxyLimits = { ...PROXY_LIMITS, ...options.limits };
  const metrics = createMetrics();
  const clients = createClientTable(events.onCdpClients);
  const { promise: ready, resolve: attach } = Promise.withResolvers<ChromeConnection>();
  const state = {
    chrome: undefined as { connection: ChromeConnection; frontend: Frontend } | undefined,
    isEnding: false,
    probeKey: null as string | null,
  };
  const access = (): Access => ({
    publicKeys,
    sessionId,
    now: () => new Date(now()),
    probeKey: state.probeKey,
  });

  const refuse = createRefuseUpgrade({ metrics, logger });
  const sockets = createClientSockets({ clients, metrics, refuse, limits, downloadsFolder, logger, events });
  const handleRequest = createRequestHandler({ access, limits, logger, metrics, clients, state });
  const handleUpgrade = createUpgradeHandler({
    access,
    limits,
    logger,
    refuse,
    now,
    clients,
    isEnding: () => state.isEnding,
    ready,
    spendProbeKey() {
      state.probeKey = null;
    },
    accept: sockets.accept,
  });
  const server = http.createServer({
    requestTimeout: limits.httpRequestMs,
    headersTimeout: limits.httpRequestMs,
  });
  server.on(
    'request',
    (request: IncomingMessage, response: ServerResponse) => void handleRequest(request, response),
  );
  server.on('upgrade', (request, socket, head) => void handleUpgrade(request, socket as Socket, head));

  return {
    clients,
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve(server.address() as AddressInfo));
      }),
    attach(connection) {
      const frontend = createFrontend(connection, {
        idleMs: limits.frontendIdleMs,
        answerMs: limits.chromeAnswerMs,
      });
      state.chrome = { connection, frontend };
      attach(connection);
    },
    issueProbeKey() {
      state.probeKey = crypto.randomUUID();
      return state.probeKey;
    },
    closeCdpClients: (note) => clients.close(note, 'cdp'),
    async endSession(note) {
      state.isEnding = true;
      clients.close(note);
      await withTimeout(clients.whenEmpty(), limits.closeTimeoutMs);
      clients.cut();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        clients.cut();
        sockets.stop();
        state.chrome?.frontend.stop();
      }),
  };
}
