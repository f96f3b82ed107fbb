import type { IncomingMessage } from 'node:http';
import { CONNECT_PATH } from '../core/domain/connect-url.ts';
import type { HeaderList } from '../core/server/forwarded-headers.ts';
import { reachedAt } from '../core/server/reached-at.ts';

/**
 * Where a client has reached us, for a container that names URLs in its answer: the public origin, where one is set
 * (CloudFront and the load balancer say neither host nor scheme), and otherwise what the request itself says.
 */
export function originHeaders(
  { headers }: Pick<IncomingMessage, 'headers'>,
  publicOrigin: string | undefined,
): HeaderList {
  const origin = publicOrigin ?? ownOrigin(headers);
  if (origin === null) return [];
  const { protocol, host, pathname } = new URL(origin);
  return [
    ['X-Forwarded-Proto', protocol === 'wss:' ? 'https' : 'http'],
    ['X-Forwarded-Host', host],
    ['X-Forwarded-Prefix', pathname],
  ];
}

function ownOrigin(headers: IncomingMessage['headers']): string | null {
  const origin = reachedAt({ headers });
  return origin === null ? null : `${origin}${CONNECT_PATH}`;
}
