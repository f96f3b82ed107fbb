import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { refuseOnSocket } from '../../core/server/refusal.ts';
import { routerTarget } from './part-of.ts';
import { NO_ROUTER_NOW, type RouterDoor } from './router-door.ts';

/**
 * Gives a WebSocket's TCP connection to the router's process, which reads its request as if the client had come there. No
 * byte of it passes through here again: a client that stands still stands still for the router, and costs nobody else.
 */
export function handOver(request: IncomingMessage, client: Socket, head: Buffer, router: RouterDoor): void {
  const { rawHeaders, method = 'GET', url = '/', httpVersion } = request;
  const lines = [`${method} ${routerTarget(url)} HTTP/${httpVersion}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  }
  const sent = `${lines.join('\r\n')}\r\n\r\n${head.toString('latin1')}`;
  if (!router.take(client, sent)) refuseOnSocket(client, NO_ROUTER_NOW);
}
