/** A listener on loopback that no client can wedge: bounded headers, bounded waiting, a bounded end. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuseInShape, refuseWithoutHost } from './listener-refusals.ts';

const HOST = '127.0.0.1';
/** How long a request may take to arrive, and how often that is looked at. */
const ARRIVAL = { headersTimeout: 20_000, requestTimeout: 60_000, connectionsCheckingInterval: 10_000 };
// Longer than clients keep idle connections, so that it is they who close them.
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADER_BYTES = 16_384;
const CLOSE_GRACE_MS = 1_000;

export interface HttpListener {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}

export async function listen(
  port: number,
  onRequest: RequestListener,
  arrival: typeof ARRIVAL = ARRIVAL,
): Promise<HttpListener> {
  const server = createServer(
    {
      ...arrival,
      requireHostHeader: false,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      if (!refuseWithoutHost(request)) onRequest(request, response);
    },
  );
  refuseInShape(server);
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw code === 'EADDRINUSE'
      ? new Error(`Port ${port} is in use: set PORT to another one`, { cause })
      : cause;
  }
  return { host: HOST, port: (server.address() as AddressInfo).port, close: () => close(server) };
}
