import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Refusal, refuseOnSocket } from '../../core/http/refusal.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { PublicKeys } from '../../core/tokens/tokens.ts';
import type { ChromeChannel } from '../chrome/channel.ts';
import { type ChromeConnection, ChromeRefusedError } from '../chrome/connection.ts';
import { type Access, authorizeUpgrade, type Grant } from './authorize-upgrade.ts';
import { ClientSocket } from './client-socket.ts';
import { type ClientTable, createClientTable } from './clients.ts';
import type { CloseNote } from './close-codes.ts';
import { createFrontend, type Frontend } from './frontend.ts';
import { PROXY_LIMITS, type ProxyLimits } from './limits.ts';
import { makeRoom } from './make-room.ts';
import { createMemoryTrim } from './memory.ts';
import { createMetrics } from './metrics.ts';
import { startPings } from './pings.ts';
import { createRateLimit } from './rate-limit.ts';
import { REFUSALS } from './refusals.ts';
import { startRelay } from './relay.ts';
import { createRequestHandler } from './requests.ts';
import { within } from './within.ts';

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
  onCdpClients(count: number): void;
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
  const { logger, events, now } = options;
  const limits: ProxyLimits = { ...PROXY_LIMITS, ...options.limits };
  const metrics = createMetrics();
  const memory = createMemoryTrim();
  const clients = createClientTable(events.onCdpClients);
  const upgradeRate = createRateLimit({
    burst: limits.upgradeBurst,
    perSecond: limits.upgradesPerSecond,
    now,
  });
  const { promise: ready, resolve: attach } = Promise.withResolvers<ChromeConnection>();
  const state = {
    chrome: undefined as { connection: ChromeConnection; frontend: Frontend } | undefined,
    isEnding: false,
    probeKey: null as string | null,
  };
  const { publicKeys, sessionId } = options;
  const access = (): Access => ({
    publicKeys,
    sessionId,
    now: () => new Date(now()),
    probeKey: state.probeKey,
  });

  const handleRequest = createRequestHandler({ access, limits, logger, metrics, clients, state });
  const server = http.createServer({
    requestTimeout: limits.httpRequestMs,
    headersTimeout: limits.httpRequestMs,
  });
  const sockets = new WebSocketServer(socketOptions(limits));
  server.on(
    'request',
    (request: IncomingMessage, response: ServerResponse) => void handleRequest(request, response),
  );
  server.on('upgrade', (request, socket, head) => void upgrade(request, socket as Socket, head));

  async function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const onEarlyError = (error: Error) => socket.destroy(error);
    socket.on('error', onEarlyError);
    try {
      const decision = admit(request);
      if ('refusal' in decision) return refuse(socket, decision.refusal);
      const opened = await openForGrant(decision.grant);
      if ('refusal' in opened) return refuse(socket, opened.refusal);
      accept({ request, socket, head, grant: decision.grant, chrome: opened.chrome });
      socket.off('error', onEarlyError);
    } catch (error) {
      logger.error('an upgrade failed', { error });
      refuse(socket, REFUSALS.chromeSilent);
    }
  }

  function admit(request: IncomingMessage): { grant: Grant } | { refusal: Refusal } {
    const decision = authorizeUpgrade(request.url ?? '', access());
    if ('refusal' in decision) return decision;
    if (state.isEnding) return { refusal: REFUSALS.ending };
    if (decision.grant.kind === 'probe') {
      state.probeKey = null;
      return decision;
    }
    if (clients.size() >= limits.maxSockets) return { refusal: REFUSALS.tooManySockets };
    return upgradeRate.take() ? decision : { refusal: REFUSALS.tooManyUpgrades };
  }

  /**
   * Chrome's side is opened before the client's handshake is answered: a page that does not exist is a 404, and no
   * message of a client can arrive before there is somewhere to send it.
   */
  async function openForGrant({ pageId }: Grant): Promise<{ chrome: ChromeChannel } | { refusal: Refusal }> {
    const connection = state.chrome?.connection ?? (await within(ready, limits.maxReadyWaitMs));
    if (state.isEnding) return { refusal: REFUSALS.ending };
    if (connection === undefined) return { refusal: REFUSALS.chromeNotReady };
    try {
      return { chrome: await connection.openChannel(pageId) };
    } catch (error) {
      if (error instanceof ChromeRefusedError && pageId !== null) return { refusal: REFUSALS.unknownPage };
      if (state.isEnding) return { refusal: REFUSALS.ending };
      logger.warn('Chrome did not accept a connection', { error });
      return { refusal: REFUSALS.chromeSilent };
    }
  }

  interface Admitted {
    readonly request: IncomingMessage;
    readonly socket: Socket;
    readonly head: Buffer;
    readonly grant: Grant;
    readonly chrome: ChromeChannel;
  }

  function accept({ request, socket, head, grant, chrome }: Admitted): void {
    if (state.isEnding || socket.destroyed) {
      chrome.close();
      refuse(socket, REFUSALS.ending);
      return;
    }
    // When ws itself refuses the handshake, it closes the client's socket and nothing else.
    const abandon = () => chrome.close();
    socket.once('close', abandon);
    sockets.handleUpgrade(request, socket, head, (client) => {
      socket.off('close', abandon);
      metrics.countUpgrade(101);
      welcome(client, socket, grant, chrome);
    });
  }

  function welcome(client: WebSocket, socket: Socket, grant: Grant, chrome: ChromeChannel): void {
    const { kind, pageId } = grant;
    const log = logger.with({ clientKind: kind, ...(pageId === null ? {} : { pageId }) });
    const stopPings = startPings(client, socket, limits.pingIntervalMs);
    const relay = startRelay({
      client,
      chrome,
      downloadsFolder: options.downloadsFolder,
      limits,
      makeRoom: (self, bytes) => makeRoom(clients.relays(), self, { bytes, maxBytes: limits.maxUnsentBytes }),
      events: {
        onMessage(direction, bytes) {
          metrics.countMessage(direction, bytes);
          memory.note(bytes);
          if (direction === 'toChrome') events.onCommand();
        },
        onBrowserClose: events.onBrowserClose,
        onFault: (error) => log.warn('a socket failed', { error }),
        onEnd(code) {
          stopPings();
          log.info('client disconnected', { closeCode: code });
          clients.remove(relay);
        },
      },
    });
    log.info('client connected');
    clients.add(relay, kind);
  }

  function refuse(socket: Duplex, refusal: Refusal): void {
    metrics.countUpgrade(refusal.status);
    logger.info('an upgrade was refused', { status: refusal.status });
    refuseOnSocket(socket, refusal);
  }

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
      await within(clients.whenEmpty(), limits.closeTimeoutMs);
      clients.cut();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        clients.cut();
        memory.stop();
        state.chrome?.frontend.stop();
      }),
  };
}

/** How clients' sockets behave. A value of its own, because the types of ws lack some of its options. */
const socketOptions = ({ maxMessageBytes, closeTimeoutMs }: ProxyLimits) => ({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: maxMessageBytes,
  // The size alone counts: a 100 MB message may come in as many pieces as its sender likes.
  maxFragments: 0,
  maxBufferedChunks: 0,
  // What is not UTF-8 closes the socket with 1007 here: over its pipe, Chrome could not say whose it was.
  skipUTF8Validation: false,
  closeTimeout: closeTimeoutMs,
  WebSocket: ClientSocket,
});
