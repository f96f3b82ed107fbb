import { connect, isIP, type Socket } from 'node:net';
import type { Clock } from '../../core/domain/clock.ts';
import { answerWith } from '../../core/public-network/answer-with.ts';
import type { AllowedNetworks } from '../../core/public-network/public-address.ts';
import { PublicNetworkError } from '../../core/public-network/public-network-error.ts';
import { isRefusedPort } from '../../core/public-network/refused-ports.ts';
import { type LookupAll, type ResolvedHost, resolveHost } from '../../core/public-network/resolve-host.ts';
import type { EgressLimits } from './limits.ts';

/** Where a browser wants to go: a name, or an address without brackets. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

export interface DialOptions {
  readonly lookup: LookupAll;
  /** Networks of the owner's that may be reached although they are not public. */
  readonly allowed: AllowedNetworks;
  /** The one place that may be reached wherever it is: where this session's own clients connect. */
  readonly connectTo: Destination | undefined;
  readonly clock: Clock;
  readonly limits: Pick<EgressLimits, 'connectMs'>;
}

// Of each address but the last one. Node's own 250 ms are too short for the other side of the world.
const NEXT_ADDRESS_MS = 2_000;

export type Dial = (destination: Destination, signal: AbortSignal) => Promise<Socket>;

/**
 * A connection to a destination: its name is resolved once, its addresses are checked, and only those are dialled. Rejects
 * with a PublicNetworkError, or with the socket's own error.
 */
export const createDial =
  (options: DialOptions): Dial =>
  async (destination, signal) => {
    const { clock, limits } = options;
    const tooSlow = new AbortController();
    const cancel = clock.setTimer(limits.connectMs, () => tooSlow.abort());
    const stop = AbortSignal.any([signal, tooSlow.signal]);
    try {
      const { addresses } = await unlessAborted(resolve(destination, options), stop);
      return await open(destination, addresses, stop);
    } finally {
      cancel();
    }
  };

async function resolve(
  { host, port }: Destination,
  { connectTo, lookup, allowed }: DialOptions,
): Promise<ResolvedHost> {
  if (connectTo !== undefined && host === connectTo.host && port === connectTo.port)
    return { addresses: await addressesOf(host, lookup), isAllowed: true };
  if (isRefusedPort(port))
    throw new PublicNetworkError('refused-port', `Port ${port} is not asked from here`);
  return resolveHost(host, lookup, allowed);
}

const addressesOf = async (host: string, lookup: LookupAll) =>
  isIP(host) === 0 ? lookup(host) : [{ address: host, family: isIP(host) }];

/** A look-up cannot be stopped: nobody waits for it any more. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}

function open(
  { host, port }: Destination,
  addresses: ResolvedHost['addresses'],
  signal: AbortSignal,
): Promise<Socket> {
  const { promise, resolve: done, reject } = Promise.withResolvers<Socket>();
  const socket = connect({
    host,
    port,
    lookup: answerWith({ addresses }),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    noDelay: true,
  });
  const onAbort = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  socket.once('connect', () => done(socket));
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('The connection was closed')));
  return promise.finally(() => signal.removeEventListener('abort', onAbort));
}
