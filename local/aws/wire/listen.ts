import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listener {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Makes a server listen where only this machine reaches it; port 0 picks one. Its end lets what is under way end by itself,
 * but no longer than `graceMs`.
 */
export async function listen(server: Server, port: number, graceMs = 0): Promise<Listener> {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  };
  return { host: LOOPBACK, port: (server.address() as AddressInfo).port, close };
}
