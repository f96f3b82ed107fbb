import type { Duplex } from 'node:stream';
import type { Clock } from '../../core/domain/clock.ts';

/** How long a socket that nobody reads any more may take to send what it was given. */
export interface Linger {
  readonly clock: Clock;
  readonly lingerMs: number;
}

/**
 * Joins two sockets until one of them closes; then the other one gets what is on its way, for a bounded time. Chrome never
 * closes one side only: when it ends, it is gone.
 */
export function joinSockets(client: Duplex, site: Duplex, linger: Linger): void {
  // What ends a socket is told by its 'close'.
  for (const socket of [client, site]) socket.on('error', () => undefined);
  client.pipe(site);
  site.pipe(client);
  client.once('end', () => client.destroy());
  client.once('close', () => finish(site, linger));
  site.once('close', () => finish(client, linger));
}

function finish(socket: Duplex, { clock, lingerMs }: Linger): void {
  if (socket.destroyed) return;
  socket.once(
    'close',
    clock.setTimer(lingerMs, () => socket.destroy()),
  );
  if (socket.writableFinished) socket.destroy();
  else socket.end(() => socket.destroy());
  // One that is not read never closes.
  socket.resume();
}
