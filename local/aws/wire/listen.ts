import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listener {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';

/**
 * Makes a server listen where only this machine reaches it, unless `host` says more; port 0 picks one. Its end lets what is
 * under way end by itself, but no longer than `graceMs`.
 */
export async function listen(
  server: Server,
  port: number,
  { host = LOOPBACK, graceMs = 0 }: { readonly host?: string | undefined; readonly graceMs?: number } = {},
): Promise<Listener> {
  server.listen(port, host);
  await once(server, 'listening');
  let closed: Promise<unknown> | undefined;
  const end = async (): Promise<void> => {
    const ended = once(server, 'close');
    server.close();
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    await ended;
    clearTimeout(timer);
  };
  const close = async (): Promise<void> => {
    closed ??= end();
    await closed;
  };
  return { host, port: (server.address() as AddressInfo).port, close };
}
