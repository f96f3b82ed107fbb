import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../core/domain/clock.ts';
import { CAST_CLOSES, PROXY_CLOSES } from '../../core/domain/close-codes.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { CastHub } from '../cast/cast-hub.ts';
import { CAST_LIMITS } from '../cast/limits.ts';
import { Viewer } from '../cast/viewer.ts';
import type { ChannelTap, ChromeChannel } from '../chrome/channel.ts';
import { evictSlowest } from '../relay/evict-slowest.ts';
import { startRelay } from '../relay/relay.ts';
import type { ContextProxyOf } from '../relay/rewrite-command.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { ClientSocket } from './client-socket.ts';
import type { ClientTable } from './clients.ts';
import { createHeldTargets } from './held-targets.ts';
import type { ProxyLimits } from './limits.ts';
import { createMemoryTrim, type MemoryTrim } from './memory.ts';
import type { ProxyMetrics } from './metrics.ts';
import { startPings } from './pings.ts';
import { refusalOfHandshake } from './refusals.ts';
import type { RefuseUpgrade } from './refuse-upgrade.ts';
import { isUnacknowledged } from './tcp-state.ts';
import { createUnfinishedMessages, type UnfinishedMessages } from './unfinished-messages.ts';
import type { AuthenticatedUpgrade } from './upgrades.ts';

export interface ClientSocketsOptions {
  readonly clients: ClientTable;
  readonly metrics: Pick<ProxyMetrics, 'countUpgrade' | 'countMessage'>;
  readonly refuse: RefuseUpgrade;
  readonly limits: ProxyLimits;
  readonly downloadsFolder: string;
  readonly contextProxy?: ContextProxyOf | undefined;
  readonly uploads: Pick<Uploads, 'pathOf'>;
  /** Those who watch; undefined while there is no Chrome. */
  readonly castHub: () => CastHub | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: {
    /** A client sent a command. */
    onCommand(): void;
    onBrowserClose(): void;
    onCdpChannel?(channel: ChromeChannel): void;
  };
}

export interface ClientSockets {
  /** Answers the handshake; from then on messages pass. */
  accept(upgrade: AuthenticatedUpgrade): void;
  stop(): void;
}

/** The sockets of the clients that came in. */
export function createClientSockets(options: ClientSocketsOptions): ClientSockets {
  const { metrics, limits, clock, refuse } = options;
  const open = (maxMessageBytes: number) => {
    const server = new WebSocketServer(socketOptions({ ...limits, maxMessageBytes }));
    // Without a listener, ws answers in its own words what is no handshake.
    return server.on('wsClientError', (error, socket, request) =>
      refuse(socket as Socket, refusalOfHandshake(request.method, error)),
    );
  };
  const clientSockets = open(limits.maxMessageBytes);
  const viewerSockets = open(CAST_LIMITS.maxMessageBytes);
  const memory = createMemoryTrim({ clock, limits });
  const unfinished = createUnfinishedMessages({ maxBytes: limits.maxUnfinishedBytes });

  return {
    accept(upgrade) {
      const { request, socket, head, chrome } = upgrade;
      // When the handshake is refused, only the client's socket is closed.
      const abandon = () => chrome?.close();
      socket.once('close', abandon);
      const sockets = chrome === null ? viewerSockets : clientSockets;
      sockets.handleUpgrade(request, socket, head, (client) => {
        socket.off('close', abandon);
        metrics.countUpgrade(101);
        if (chrome === null) welcomeViewer(client, upgrade, options);
        else welcome(client, { ...upgrade, chrome }, options, { memory, unfinished });
      });
    },
    stop: () => memory.stop(),
  };
}

/** From here on the client's messages pass. */
function welcome(
  client: WebSocket,
  { request, socket, grant, chrome }: AuthenticatedUpgrade & { readonly chrome: ChromeChannel },
  options: ClientSocketsOptions,
  { memory, unfinished }: { readonly memory: MemoryTrim; readonly unfinished: UnfinishedMessages },
): void {
  const { clients, metrics, limits, clock, downloadsFolder, contextProxy, uploads, events } = options;
  const { kind, pageId, rights } = grant;
  // The router says whose neighbour it is (forwarded-headers.ts), and so does every other proxy.
  const isForwarded = request.headers['x-forwarded-for'] !== undefined;
  const logger = options.logger.with({ clientKind: kind, ...(pageId === null ? {} : { pageId }) });
  const held = createHeldTargets({ client, socket, chrome, clock, waitMs: limits.heldTargetMs });
  const stopPings = startPings(client, socket, {
    clock,
    intervalMs: limits.pingIntervalMs,
    silentMs: limits.silentClientMs,
    isUnacknowledged: () => isUnacknowledged(socket),
    onSilent: () => relay.close(PROXY_CLOSES.silent),
  });
  if (kind === 'cdp') {
    events.onCdpChannel?.(chrome);
    chrome.tap(tellWhoWatches(options.castHub));
  }
  const relay = startRelay({
    client,
    chrome,
    rights,
    downloadsFolder,
    uploadPathOf: (name) => uploads.pathOf({ name }),
    contextProxy,
    limits,
    clock,
    evictSlowest: (self, bytes) =>
      evictSlowest(clients.relays(), self, { bytes, maxBytes: limits.maxUnsentBytes }),
    events: {
      onMessage(direction, bytes) {
        metrics.countMessage(direction, bytes);
        memory.note(bytes);
        if (direction === 'toChrome' && kind === 'cdp') events.onCommand();
      },
      onBrowserClose: () => events.onBrowserClose(),
      onWaiting: held.onWaiting,
      onFault: (error) => logger.warn('a socket failed', { error }),
      onEnd(code) {
        stopPings();
        held.stop();
        logLeft(code);
        clients.remove(relay, { closeCode: code, isForwarded });
      },
    },
  });
  unfinished.watch({ client, socket, onTooMuch: () => relay.close(PROXY_CLOSES.tooMuchUnfinished) });
  const logLeft = logClient(logger, clock);
  clients.add(relay, kind);
}

/** The line of a client that has come, and of the same when it leaves. */
function logClient(logger: Logger, clock: Clock): (closeCode: number) => void {
  const cameAtMs = clock.now();
  logEvent(logger, 'client.connected', { outcome: 'connected' });
  return (closeCode) => {
    const durationMs = clock.now() - cameAtMs;
    logEvent(logger, 'client.disconnected', { outcome: 'disconnected', closeCode, durationMs });
  };
}

/** A live view of the session shows the page that clients speak to. */
const tellWhoWatches = (castHub: ClientSocketsOptions['castHub']): ChannelTap => ({
  onCommand: (_command, _message, targetIds) => castHub()?.noteCommand(targetIds),
  onMessage() {},
  onClose() {},
});

/** A person's live view: its messages are its own, and none of them is the DevTools protocol. */
function welcomeViewer(
  client: WebSocket,
  { request, socket, grant }: AuthenticatedUpgrade,
  { clients, limits, clock, castHub, logger: ofProxy }: ClientSocketsOptions,
): void {
  const isForwarded = request.headers['x-forwarded-for'] !== undefined;
  const { kind, pageId, rights } = grant;
  const logger = ofProxy.with({ clientKind: kind, ...(pageId === null ? {} : { pageId }) });
  const hub = castHub();
  if (hub === undefined) {
    client.close(CAST_CLOSES.restarting.code, CAST_CLOSES.restarting.text);
    return;
  }
  const stopPings = startPings(client, socket, {
    clock,
    intervalMs: limits.pingIntervalMs,
    silentMs: limits.silentClientMs,
    isUnacknowledged: () => isUnacknowledged(socket),
    onSilent: () => viewer.close(PROXY_CLOSES.silent),
  });
  const viewer: Viewer = new Viewer({
    socket: client,
    hub,
    onlyPageId: pageId,
    canAct: rights.has('control'),
    clock,
    events: {
      onFault: (error) => logger.warn('a live view failed', { error }),
      onEnd(code) {
        stopPings();
        logLeft(code);
        clients.remove(viewer, { closeCode: code, isForwarded });
      },
    },
  });
  const logLeft = logClient(logger, clock);
  clients.add(viewer, kind);
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
