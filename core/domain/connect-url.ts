import { addressTextOf } from './address-text.ts';
import type { Address } from './session.ts';
import type { ConnectDetails } from './session-view.ts';

/** Where the router stands on its host. What comes after it is the path that a session's own proxy knows. */
export const CONNECT_PATH = '/connect';

/**
 * Where clients reach the proxies. With `publicOrigin` (such as wss://browsers.example.com/connect) every session is
 * reached through the router; without it, at its container's own address.
 */
export interface ConnectEndpoint {
  readonly webSocketOrigin: string;
  readonly httpOrigin: string;
}

export function connectEndpointOf(address: Address, publicOrigin?: string): ConnectEndpoint {
  const webSocketOrigin = publicOrigin ?? `ws://${addressTextOf(address)}`;
  return { webSocketOrigin, httpOrigin: webSocketOrigin.replace(/^ws/, 'http') };
}

export function connectDetailsOf(endpoint: ConnectEndpoint, signingKey: string): ConnectDetails {
  const separator = endpoint.webSocketOrigin.split('/').length > 3 ? '' : '/';
  return {
    connectUrl: `${endpoint.webSocketOrigin}${separator}?signingKey=${signingKey}`,
    seleniumRemoteUrl: `${endpoint.httpOrigin}/webdriver`,
    signingKey,
  };
}
