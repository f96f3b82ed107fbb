/** A listener on loopback that no client can wedge: bounded headers, bounded waiting, a bounded end. */
import { createServer, type RequestListener } from 'node:http';
import { type Listener, listen } from '../wire/listen.ts';
import { refuseInShape, refuseWithoutHost } from './listener-refusals.ts';

/** How long a request may take to arrive, and how often that is looked at. */
const ARRIVAL = { headersTimeout: 20_000, requestTimeout: 60_000, connectionsCheckingInterval: 10_000 };
// Longer than clients keep idle connections, so that it is they who close them.
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADER_BYTES = 16_384;
const CLOSE_GRACE_MS = 1_000;

export async function listenToClients(
  port: number,
  onRequest: RequestListener,
  arrival: typeof ARRIVAL = ARRIVAL,
): Promise<Listener> {
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
  try {
    const listener = await listen(server, port);
    return { ...listener, close: () => listener.close(CLOSE_GRACE_MS) };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') throw cause;
    throw new Error(`Port ${port} is in use: set PORT to another one`, { cause });
  }
}
