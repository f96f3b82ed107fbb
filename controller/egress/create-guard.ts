import type { Clock } from '../../core/domain/clock.ts';
import type { ProxyRoute } from '../../core/domain/proxies.ts';
import { lookupAll } from '../../core/public-network/lookup-all.ts';
import { parseAllowedNetworks } from '../../core/public-network/public-address.ts';
import { type AdHosts, isAdHost } from './ad-hosts.ts';
import type { Destination } from './dial.ts';
import { EgressGuard } from './guard.ts';
import { EGRESS_LIMITS } from './limits.ts';
import { ProxyMeter } from './proxy-meter.ts';
import { createRefusals, type ProxyFailure, type Refusal } from './refusals.ts';
import { proxiesOf } from './session-proxies.ts';

export interface SessionGuardOptions {
  /** Networks of the owner's, such as `10.1.0.0/16`. */
  readonly allowedNetworks: readonly string[];
  /** Where the session's own clients connect. */
  readonly connectOrigin: string | undefined;
  /** By which it goes out. */
  readonly proxies: readonly ProxyRoute[];
  /** Where advertisements are not asked for. */
  readonly adHosts?: AdHosts | undefined;
  readonly clock: Clock;
  /** Told of refusals, of each once. */
  readonly onRefused: (refusal: Refusal) => void;
  /** Told of proxies that led nowhere, of each once. */
  readonly onProxyFailed: (failure: ProxyFailure) => void;
}

export interface SessionGuard {
  readonly guard: EgressGuard;
  /** Undefined where it has no proxies. */
  readonly meter: ProxyMeter | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'ws:': 80, 'wss:': 443 };

/** The guard of a session, on its machine's own name service. */
export function createGuard(options: SessionGuardOptions): SessionGuard {
  const { allowedNetworks, connectOrigin, proxies, adHosts, clock } = options;
  const connectTo = connectOrigin === undefined ? undefined : destinationOf(connectOrigin);
  const meter = proxies.length === 0 ? undefined : new ProxyMeter();
  const guard = new EgressGuard({
    lookup: lookupAll,
    allowed: parseAllowedNetworks(allowedNetworks),
    connectTo,
    proxyFor: proxiesOf(proxies, connectTo),
    ...(meter === undefined ? {} : { meter }),
    ...(adHosts === undefined ? {} : { isBlocked: (host) => isAdHost(host, adHosts) }),
    clock,
    onFault: createRefusals(options, EGRESS_LIMITS),
  });
  return { guard, meter };
}

function destinationOf(origin: string): Destination {
  const { hostname, port, protocol } = new URL(origin);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port) };
}
