import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../core/domain/clock.ts';
import type { CloseNote } from '../../core/domain/close-codes.ts';
import type { Logger } from '../../core/log/logger.ts';
import { refuseMalformed } from '../../core/server/refuse-malformed.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { PublicKeys } from '../../core/tokens/tokens.ts';
import { CastHub } from '../cast/cast-hub.ts';
import type { ChromeChannel } from '../chrome/channel.ts';
import type { ChromeConnection } from '../chrome/connection.ts';
import { Frontend } from '../live/frontend.ts';
import type { ContextProxyOf } from '../relay/rewrite-command.ts';
import type { Uploads } from '../uploads/uploads.ts';
import type { Access } from './authorize-upgrade.ts';
import { type ClientSockets, createClientSockets } from './client-sockets.ts';
import { type ClientTable, createClientTable, type Departed } from './clients.ts';
import { PROXY_LIMITS, type ProxyLimits } from './limits.ts';
import { createProxyMetrics } from './metrics.ts';
import { createRefuseUpgrade } from './refuse-upgrade.ts';
import { createRequestHandler } from './requests.ts';
import type { ClaimDoor } from './serve-claim.ts';
import { createUpgradeHandler } from './upgrades.ts';

export interface ProxyOptions {
  readonly publicKeys: PublicKeys;
  readonly downloadsFolder: string;
  readonly uploads: Uploads;
  /** Where the browser is guarded. */
  readonly contextProxy?: ContextProxyOf | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Of a container that waits for its session. */
  readonly claims?: ClaimDoor | undefined;
  readonly limits?: Partial<ProxyLimits>;
}

export interface ProxyEvents {
  /** `left`: how the one that made the difference left. */
  onCdpClients(count: number, left?: Departed): void;
  /** A CDP client sent a command: what a viewer or a page's script sends is none. */
  onCommand(): void;
  onBrowserClose(): void;
  /** A CDP client's channel to Chrome: nothing has passed through it yet. */
  onCdpChannel?(channel: ChromeChannel): void;
}

/** The session that a proxy serves. */
export interface ProxySession {
  readonly sessionId: string;
  /** No client may end the browser: the session outlives them. */
  readonly keepAlive: boolean;
  readonly events: ProxyEvents;
}

export interface SessionProxy {
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Whose tokens open this proxy. Before it, none does. */
  assign(session: ProxySession): void;
  /** Chrome is there: waiting upgrades go on. */
  attach(connection: ChromeConnection): void;
  /** This Chrome goes, and another one comes: upgrades wait for it. */
  detach(): void;
  /** A key that opens the browser once, for the controller's own check. */
  issueProbeKey(): string;
  readonly clients: Pick<ClientTable, 'countCdp'>;
  /** No client gets in any more, and those inside get this note. Resolves when all sockets are gone. */
  endSession(note: CloseNote): Promise<void>;
  close(): Promise<void>;
}

/** The one way to Chrome for anybody: HTTP and WebSocket on one port, everything behind a token of this session. */
export function createProxy(options: ProxyOptions): SessionProxy {
  return new HttpProxy(options);
}

/** What there is to serve by now. */
interface ProxyState {
  session: ProxySession | null;
  chrome:
    | { readonly connection: ChromeConnection; readonly frontend: Frontend; readonly castHub: CastHub }
    | undefined;
  isEnding: boolean;
  probeKey: string | null;
}

class HttpProxy implements SessionProxy {
  readonly clients: ClientTable;
  readonly #options: ProxyOptions;
  readonly #limits: ProxyLimits;
  readonly #state: ProxyState = { session: null, chrome: undefined, isEnding: false, probeKey: null };
  #ready = Promise.withResolvers<ChromeConnection>();
  readonly #sockets: ClientSockets;
  readonly #server: http.Server;

  constructor(options: ProxyOptions) {
    this.#options = options;
    const limits = { ...PROXY_LIMITS, ...options.limits };
    this.#limits = limits;
    const events = this.#eventsOfSession();
    const clients = createClientTable(events.onCdpClients);
    this.clients = clients;
    const metrics = createProxyMetrics(clients.countByKind);
    const refuse = createRefuseUpgrade({ metrics, logger: options.logger });
    this.#sockets = createClientSockets({
      ...options,
      events,
      clients,
      metrics,
      refuse,
      limits,
      castHub: () => this.#state.chrome?.castHub,
    });
    this.#server = http.createServer({
      requestTimeout: limits.uploadMs,
      headersTimeout: limits.httpRequestMs,
    });
    const access = () => this.#access();
    const { clock, logger, claims, uploads } = options;
    const state = this.#state;
    const handleRequest = createRequestHandler({
      access,
      limits,
      clock,
      logger,
      metrics,
      state,
      claims,
      uploads,
      onActivity: events.onCommand,
    });
    const handleUpgrade = createUpgradeHandler({
      access,
      limits,
      logger,
      refuse,
      clock,
      clients,
      isEnding: () => state.isEnding,
      ready: () => this.#ready.promise,
      spendProbeKey() {
        state.probeKey = null;
      },
      accept: this.#sockets.accept,
    });
    this.#server.on('request', (request, response) => void handleRequest(request, response));
    this.#server.on(
      'upgrade',
      (request, socket, head) => void handleUpgrade(request, socket as Socket, head),
    );
    refuseMalformed(this.#server);
  }

  listen(host: string, port: number): Promise<AddressInfo> {
    const server = this.#server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve(server.address() as AddressInfo));
    });
  }

  assign(session: ProxySession): void {
    this.#state.session = session;
  }

  attach(connection: ChromeConnection): void {
    const { frontendIdleMs: idleMs, frontendFileMs: answerMs } = this.#limits;
    const frontend = new Frontend(connection, { idleMs, answerMs, clock: this.#options.clock });
    const { clock, logger, uploads } = this.#options;
    const onFault = (error: unknown) => logger.warn('a live view failed', { error });
    const castHub = new CastHub({ connection, uploads, clock, onFault });
    castHub.start();
    this.#state.chrome = { connection, frontend, castHub };
    this.#ready.resolve(connection);
  }

  detach(): void {
    this.#state.chrome?.frontend.stop();
    this.#state.chrome = undefined;
    this.#ready = Promise.withResolvers();
  }

  issueProbeKey(): string {
    const probeKey = crypto.randomUUID();
    this.#state.probeKey = probeKey;
    return probeKey;
  }

  async endSession(note: CloseNote): Promise<void> {
    this.#state.isEnding = true;
    this.#options.uploads.stop();
    this.clients.close(note);
    await withTimeout(this.clients.whenEmpty(), this.#limits.closeTimeoutMs);
    this.clients.cut();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
      this.clients.cut();
      this.#sockets.stop();
      this.#state.chrome?.frontend.stop();
    });
  }

  #access(): Access {
    const { session, probeKey } = this.#state;
    const { publicKeys, clock } = this.#options;
    const { sessionId = null, keepAlive = false } = session ?? {};
    return { publicKeys, sessionId, now: () => new Date(clock.now()), probeKey, keepAlive };
  }

  /** Before there is a session, no client is there whom one could hear of: only the probe. */
  #eventsOfSession(): ProxyEvents {
    const state = this.#state;
    return {
      onCdpClients: (count, left) => state.session?.events.onCdpClients(count, left),
      onCommand: () => state.session?.events.onCommand(),
      onBrowserClose: () => state.session?.events.onBrowserClose(),
      onCdpChannel: (channel) => state.session?.events.onCdpChannel?.(channel),
    };
  }
}
