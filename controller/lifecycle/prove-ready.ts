import { WebSocket } from 'ws';
import { CONTAINER_START } from '../../core/domain/timing.ts';

/**
 * One CDP round trip by the way that a client takes: through the proxy's port, its upgrade and its relay, to Chrome and
 * back. READY means that this worked. The container holds no key to sign a token with, so the proxy issues a key that
 * opens it once.
 */
export async function proveReady(origin: string, probeKey: string): Promise<string> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/?signingKey=${probeKey}`, {
    perMessageDeflate: false,
    handshakeTimeout: CONTAINER_START.proofMs,
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => reject(new Error('Chrome did not answer through the proxy')),
    CONTAINER_START.proofMs,
  );
  socket.on('open', () => socket.send('{"id":1,"method":"Browser.getVersion"}'));
  socket.on('message', (data: Buffer) => {
    const { result } = JSON.parse(data.toString()) as { result?: { product?: string } };
    if (result?.product === undefined) reject(new Error('Chrome did not say which version it is'));
    else resolve(result.product);
  });
  socket.on('error', reject);
  socket.on('close', (code) => reject(new Error(`The proxy closed the check with ${code}`)));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.terminate();
  });
}

/** Where a port that is listened on is reached by the process itself. */
export const originOf = (host: string, port: number): string => `http://${reachable(host)}:${port}`;

/** An address to connect to, for one that was listened on. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
