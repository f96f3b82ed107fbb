import { once } from 'node:events';
import type { WebSocket } from 'ws';

/** What a server says to an upgrade that it refuses, in the platform's error shape. */
export interface RefusedUpgrade {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The client, when it is connected. */
export async function connected(socket: WebSocket): Promise<WebSocket> {
  await once(socket, 'open');
  return socket;
}

/** The answer to an upgrade that is refused. */
export async function refusalOf(socket: WebSocket): Promise<RefusedUpgrade> {
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, body: JSON.parse(text) };
}
