import { type ProxyRoute, type ProxyServer, serverFor } from '../../core/domain/proxies.ts';
import type { Destination } from './dial.ts';

// As every browser has it: what is meant is the machine itself, not that of the proxy.
const IS_LOOPBACK = /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** By which proxy of its session a destination is asked for: never the session's own address, and no loopback. */
export const proxiesOf =
  (routes: readonly ProxyRoute[], connectTo: Destination | undefined) =>
  ({ host, port }: Destination): ProxyServer | null => {
    const isOwn = connectTo !== undefined && host === connectTo.host && port === connectTo.port;
    return isOwn || IS_LOOPBACK.test(host) ? null : serverFor(host, routes);
  };
