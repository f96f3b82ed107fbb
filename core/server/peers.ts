import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const LOOPBACK_ADDRESSES: readonly (string | undefined)[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/** Whether the other end is on this machine: the metrics are for nobody else. */
export const isLoopbackPeer = ({ remoteAddress }: Pick<Socket, 'remoteAddress'>): boolean =>
  LOOPBACK_ADDRESSES.includes(remoteAddress);

const FORWARDED = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'];

/**
 * Whether a program on this machine asks. Behind a reverse proxy everybody looks as if they were here, and so does a page in a
 * browser of a session: every browser says of a page's request that it is one.
 */
export const isAskedFromHere = ({
  headers,
  socket,
}: {
  readonly headers: IncomingMessage['headers'];
  readonly socket: Pick<Socket, 'remoteAddress'>;
}): boolean =>
  isLoopbackPeer(socket) &&
  !FORWARDED.some((name) => name in headers) &&
  !('sec-fetch-site' in headers) &&
  !('origin' in headers);
