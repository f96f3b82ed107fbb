import type { Socket } from 'node:net';

/** The router's process as the one port sees it. */
export interface RouterDoor {
  /** Where it takes plain requests, on loopback; undefined while there is none. */
  port(): number | undefined;
  /** Hands a client over, with what it has sent so far. False while there is none. */
  take(client: Socket, sent: string): boolean;
}

export const NO_ROUTER_NOW = {
  status: 503,
  message: 'The router is starting again: connect again',
  headers: { 'retry-after': '1' },
};
