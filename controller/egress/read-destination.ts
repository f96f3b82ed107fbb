import type { Destination } from './dial.ts';

/** Of a CONNECT: `example.com:443`, `[2001:db8::1]:443`. Null for what is none. */
export function readAuthority(text: string): Destination | null {
  const url = URL.parse(`connect://${text}`);
  if (url === null || url.pathname !== '' || url.search !== '' || url.hash !== '' || url.port === '')
    return null;
  return destinationOf(url.hostname, Number(url.port));
}

/** Of a request that is to be passed on: `http://example.com/path`. A browser asks for nothing else without a tunnel. */
export function readAbsoluteUrl(text: string): (Destination & { readonly url: URL }) | null {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:') return null;
  const destination = destinationOf(url.hostname, url.port === '' ? 80 : Number(url.port));
  return destination === null ? null : { ...destination, url };
}

function destinationOf(hostname: string, port: number): Destination | null {
  const host = hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  return host === '' ? null : { host, port };
}
