import http, { type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Destination } from './dial.ts';
import { ProxyFailedError } from './proxy-failed.ts';

export type TunnelAnswer =
  | { readonly site: Duplex; readonly head: Buffer }
  /** It wants to know who asks, in these words. */
  | { readonly challenge: readonly string[] };

/** Asks a proxy for a tunnel. Rejects with a ProxyFailedError where it gives none. */
export async function askForTunnel(
  socket: Socket,
  { host, port }: Destination,
  authorization: string | undefined,
  maxHeaderSize: number,
): Promise<TunnelAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<TunnelAnswer>();
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const asked = http.request({
    createConnection: () => socket,
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
    },
    maxHeaderSize,
  });
  asked.once('error', () => reject(new ProxyFailedError('refused')));
  asked.once('connect', (answer, site, head) => {
    const { statusCode = 0 } = answer;
    const challenge = challengeOf(answer);
    if (statusCode >= 200 && statusCode < 300) return resolve({ site, head });
    site.destroy();
    if (challenge.length > 0) resolve({ challenge });
    else reject(new ProxyFailedError(statusCode === 407 ? 'credentials' : 'refused'));
  });
  asked.end();
  return promise;
}

function challengeOf({ statusCode, rawHeaders }: IncomingMessage): readonly string[] {
  if (statusCode !== 407) return [];
  return rawHeaders.filter(
    (_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'proxy-authenticate',
  );
}
