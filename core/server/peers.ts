import type { Socket } from 'node:net';

const LOOPBACK_ADDRESSES: readonly (string | undefined)[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/** Whether the other end is on this machine: the metrics are for nobody else. */
export const isLoopbackPeer = ({ remoteAddress }: Pick<Socket, 'remoteAddress'>): boolean =>
  LOOPBACK_ADDRESSES.includes(remoteAddress);
