import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from '../../core/log/logger.ts';
import { evictSlowest } from '../relay/evict-slowest.ts';
import { startRelay } from '../relay/relay.ts';
import { ClientSocket } from './client-socket.ts';
import type { ClientTable } from './clients.ts';
import type { ProxyLimits } from './limits.ts';
import { createMemoryTrim } from './memory.ts';
import type { Metrics } from './metrics.ts';
import { startPings } from './pings.ts';
import { refusalOfHandshake } from './refusals.ts';
import type { RefuseUpgrade } from './refuse-upgrade.ts';
import type { Admitted } from './upgrades.ts';

export interface ClientSocketsOptions {
  readonly clients: ClientTable;
  readonly metrics: Metrics;
  readonly refuse: RefuseUpgrade;
  readonly limits: ProxyLimits;
  readonly downloadsFolder: string;
  readonly logger: Logger;
  readonly events: {
    /** A client sent a command. */
    onCommand(): void;
    onBrowserClose(): void;
  };
}

export interface ClientSockets {
  /** Answers the handshake; from then on messages pass. */
  accept(admitted: Admitted): void;
  stop(): void;
}

/** The sockets of the clients that came in. */
export function createClientSockets(options: ClientSocketsOptions): ClientSockets {
  const { clients, metrics, limits, logger, events } = options;
  const sockets = new WebSocketServer(socketOptions(limits));
  // Without a listener, ws answers in its own words what is no handshake.
  sockets.on('wsClientError', (error, socket, request) =>
    options.refuse(socket as Socket, refusalOfHandshake(request.method, error)),
  );
  const memory = createMemoryTrim();

  function welcome(client: WebSocket, { socket, grant, chrome }: Admitted): void {
    const { kind, pageId } = grant;
    const log = logger.with({ clientKind: kind, ...(pageId === null ? {} : { pageId }) });
    const stopPings = startPings(client, socket, limits.pingIntervalMs);
    const relay = startRelay({
      client,
      chrome,
      downloadsFolder: options.downloadsFolder,
      limits,
      evictSlowest: (self, bytes) =>
        evictSlowest(clients.relays(), self, { bytes, maxBytes: limits.maxUnsentBytes }),
      events: {
        onMessage(direction, bytes) {
          metrics.countMessage(direction, bytes);
          memory.note(bytes);
          if (direction === 'toChrome') events.onCommand();
        },
        onBrowserClose: () => events.onBrowserClose(),
        onFault: (error) => log.warn('a socket failed', { error }),
        onEnd(code) {
          stopPings();
          log.info('client disconnected', { closeCode: code });
          clients.remove(relay, code);
        },
      },
    });
    log.info('client connected');
    clients.add(relay, kind);
  }

  return {
    accept(admitted) {
      const { request, socket, head, chrome } = admitted;
      // When the handshake is refused, only the client's socket is closed.
      const abandon = () => chrome.close();
      socket.once('close', abandon);
      sockets.handleUpgrade(request, socket, head, (client) => {
        socket.off('close', abandon);
        metrics.countUpgrade(101);
        welcome(client, admitted);
      });
    },
    stop: () => memory.stop(),
  };
}

/** How clients' sockets behave. A value of its own, because the types of ws lack some of its options. */
const socketOptions = (limits: ProxyLimits) => ({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: limits.maxMessageBytes,
  // By default 16,384, which the largest message in frames of 4 KiB would exceed, as some clients write it.
  maxFragments: limits.maxMessageFrames,
  maxBufferedChunks: limits.maxFrameReads,
  // What is not UTF-8 closes the socket with 1007 here: over its pipe, Chrome could not say whose it was.
  skipUTF8Validation: false,
  closeTimeout: limits.closeTimeoutMs,
  WebSocket: ClientSocket,
});
