import type { Socket } from 'node:net';
import { SocksClient, SocksClientError } from 'socks';
import type { ProxyServer } from '../../core/domain/proxies.ts';
import type { Destination } from './dial.ts';
import { ProxyFailedError } from './proxy-failed.ts';

// The caller's clock is the one that counts.
const NEVER_MS = 2 ** 31 - 1;
const SAYS_WHO = /authentication/i;

/** Leads a connection to a proxy by SOCKS on to where it says. Names are resolved by the proxy. */
export async function askSocks(
  socket: Socket,
  { scheme, host, port, username, password }: ProxyServer,
  destination: Destination,
): Promise<Socket> {
  try {
    const { socket: site } = await SocksClient.createConnection({
      command: 'connect',
      existing_socket: socket,
      destination: { ...destination },
      timeout: NEVER_MS,
      proxy: {
        host,
        port,
        type: scheme === 'socks4' ? 4 : 5,
        ...(username === undefined ? {} : { userId: username }),
        ...(password === undefined ? {} : { password }),
      },
    });
    return site;
  } catch (error) {
    // It holds the options that it was given.
    const said = error instanceof SocksClientError ? error.message : '';
    throw new ProxyFailedError(SAYS_WHO.test(said) ? 'credentials' : 'refused');
  }
}
