import type { IncomingHttpHeaders } from 'node:http';

/** The first of a list is what is nearest to the client. */
const first = (value: string | readonly string[] | undefined): string | undefined =>
  (typeof value === 'string' ? value : value?.[0])?.split(',')[0]?.trim() || undefined;

/**
 * Where a client has reached us, as it would open a WebSocket (`wss://host/prefix`), by what it says of that, or the
 * proxy in front. Whoever writes these headers themselves fools only themselves:
 * the answer goes to them, and no cache keeps it. null: what they say is no address.
 */
export function reachedAt({ headers }: { readonly headers: IncomingHttpHeaders }): string | null {
  const host = first(headers['x-forwarded-host']) ?? headers.host;
  if (host === undefined) return null;
  const isSecure = /^(?:https|wss)$/i.test(first(headers['x-forwarded-proto']) ?? '');
  const prefix = first(headers['x-forwarded-prefix']) ?? '';
  const url = URL.parse(`${isSecure ? 'wss' : 'ws'}://${host}`);
  if (url === null || url.href !== `${url.protocol}//${url.host}/`) return null;
  if (!/^(?:\/[\w.~-]+)*\/?$/.test(prefix)) return null;
  return `${url.protocol}//${url.host}${prefix.replace(/\/$/, '')}`;
}
