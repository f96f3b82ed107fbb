/** A listener that no client can wedge: bounded headers, bounded waiting, a bounded end. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import { UPLOAD } from '../../../core/domain/timing.ts';
import { isWebSocketUpgrade } from '../../../core/server/is-web-socket-upgrade.ts';
import { demandHost, refuseMalformed } from '../../../core/server/refuse-malformed.ts';
import { type Listener, listen } from '../wire/listen.ts';

const LIMITS = {
  /** How long a request may take to arrive, and how often that is looked at. A profile or a file for a session is one. */
  headersTimeout: 20_000,
  requestTimeout: UPLOAD.maxMs,
  connectionsCheckingInterval: 10_000,
  // Longer than clients keep idle connections, so that it is they who close them.
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
};
const CLOSE_GRACE_MS = 1_000;

export interface ListenOptions {
  readonly host?: string;
  /** 0 picks one. */
  readonly port: number;
  readonly onRequest: RequestListener;
  /** Without it a request for a WebSocket is a request. */
  readonly onUpgrade?: (request: IncomingMessage, client: Duplex, head: Buffer) => void;
}

export async function listenToClients(
  { host, port, onRequest, onUpgrade }: ListenOptions,
  limits: Partial<typeof LIMITS> = {},
): Promise<Listener> {
  // Other upgrades, such as the h2c that Java's client asks for by itself, are served as if nothing had been asked.
  const server = createServer(
    {
      ...LIMITS,
      ...limits,
      shouldUpgradeCallback: isWebSocketUpgrade,
      noDelay: true,
      requireHostHeader: false,
    },
    demandHost(onRequest),
  );
  refuseMalformed(server);
  if (onUpgrade !== undefined) server.on('upgrade', onUpgrade);
  return listen(server, port, { host, graceMs: CLOSE_GRACE_MS });
}
