import { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import type { Clock } from '../../core/domain/clock.ts';
import type { ProxyServer } from '../../core/domain/proxies.ts';
import { PublicNetworkError } from '../../core/public-network/public-network-error.ts';
import type { Destination, Dial } from './dial.ts';
import type { EgressLimits } from './limits.ts';
import { ProxyFailedError } from './proxy-failed.ts';

export interface DialUpstreamDeps {
  readonly dial: Dial;
  readonly clock: Clock;
  readonly limits: Pick<EgressLimits, 'proxyMs'>;
  /** Told of each connection to a proxy. */
  readonly onSocket: (socket: Socket) => void;
}

export const isSocks = ({ scheme }: ProxyServer): boolean => scheme === 'socks4' || scheme === 'socks5';

/**
 * A connection to a proxy, whose address is checked as any other. One by SOCKS leads to the destination already; to one by
 * HTTP it is still to be said. Rejects with a PublicNetworkError or a ProxyFailedError.
 */
export const dialUpstream =
  (server: ProxyServer, { dial, clock, limits, onSocket }: DialUpstreamDeps): Dial =>
  async (destination, signal) => {
    const socket = await reach(server, dial, signal);
    onSocket(socket);
    const greeted = withinTime(greet(socket, server, destination), clock, limits.proxyMs);
    return greeted.catch((error) => {
      socket.destroy();
      throw error;
    });
  };

async function reach({ host, port }: ProxyServer, dial: Dial, signal: AbortSignal): Promise<Socket> {
  try {
    return await dial({ host, port }, signal);
  } catch (error) {
    const isRefused = error instanceof PublicNetworkError && error.fault !== 'unknown-host';
    if (isRefused || signal.aborted) throw error;
    throw new ProxyFailedError('unreachable');
  }
}

async function greet(socket: Socket, server: ProxyServer, destination: Destination): Promise<Socket> {
  if (server.scheme === 'https') return secure(socket, server.host);
  if (!isSocks(server)) return socket;
  const { askSocks } = await import('./ask-socks.ts');
  return askSocks(socket, server, destination);
}

function secure(socket: Socket, host: string): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const secured = tls.connect({ socket, servername: isIP(host) === 0 ? host : '' }, () => resolve(secured));
  const fail = () => reject(new ProxyFailedError('unreachable'));
  secured.once('error', fail);
  secured.once('close', fail);
  return promise;
}

/** What takes longer is given up. */
export function withinTime<T>(promise: Promise<T>, clock: Clock, ms: number): Promise<T> {
  const { promise: tooSlow, reject } = Promise.withResolvers<never>();
  const cancel = clock.setTimer(ms, () => reject(new ProxyFailedError('too_slow')));
  return Promise.race([promise, tooSlow]).finally(cancel);
}
