/** A listener on loopback that no client can wedge: bounded headers, bounded waiting, a bounded end. */
import { createServer, type RequestListener } from 'node:http';
import { type Listener, listen } from '../wire/listen.ts';

const LIMITS = {
  /** How long a request may take to arrive, and how often that is looked at. */
  headersTimeout: 20_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 10_000,
  // Longer than clients keep idle connections, so that it is they who close them.
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
};
const CLOSE_GRACE_MS = 1_000;

export async function listenToClients(
  port: number,
  onRequest: RequestListener,
  limits: Partial<typeof LIMITS> = {},
): Promise<Listener> {
  const server = createServer({ ...LIMITS, ...limits }, onRequest);
  try {
    return await listen(server, port, CLOSE_GRACE_MS);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') throw cause;
    throw new Error(`Port ${port} is in use: set PORT to another one`, { cause });
  }
}
