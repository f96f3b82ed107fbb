import { PROXY_URL_SCHEMES, type ProxyServer } from '../../core/domain/proxies.ts';

/** A proxy of a client's, by which what one of its browser contexts asks for goes out. */
export interface Upstream extends ProxyServer {
  /** Hosts for which it is not asked. */
  readonly bypass: readonly string[];
}

/** `upstream` null: the context is to have no proxy. */
export type ContextProxy = { readonly upstream: Upstream | null } | { readonly fault: string };

const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
// A URL's host takes more, such as the signs between several proxies.
const IS_HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/;
const MAX_CHARACTERS = 2_048;
const MAX_BYPASSED = 100;
// Chrome's word for what is so here in any case.
const LOOPBACK_TOO = '<-loopback>';

/** What `proxyServer` and `proxyBypassList` of `Target.createBrowserContext` ask for. */
export function readContextProxy(server: string, bypassList: string): ContextProxy {
  if (server.length > MAX_CHARACTERS || bypassList.length > MAX_CHARACTERS)
    return { fault: `a proxy and its bypass list have ${MAX_CHARACTERS} characters at most` };
  if (/^direct:\/\/$/i.test(server)) return { upstream: null };
  // As Chrome reads it, and Playwright writes it: `host:port` is a proxy by http.
  const url = URL.parse(HAS_SCHEME.test(server) ? server : `http://${server}`);
  const isOne = url !== null && url.pathname.replace('/', '') + url.search + url.hash === '';
  const [scheme, defaultPort] = PROXY_URL_SCHEMES[url?.protocol ?? ''] ?? [];
  if (url === null || !isOne || !IS_HOST.test(url.hostname.toLowerCase()) || scheme === undefined)
    return {
      fault: 'proxyServer must be one proxy such as http://host:port, https:// or socks5://, or direct://',
    };
  if (url.username !== '' || url.password !== '')
    return { fault: 'proxyServer takes no credentials: give them when the proxy asks for them' };
  const bypass = bypassList
    .split(/[,;]/)
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '' && entry !== LOOPBACK_TOO);
  if (bypass.length > MAX_BYPASSED) return { fault: `proxyBypassList has ${MAX_BYPASSED} entries at most` };
  const host = url.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (defaultPort ?? 0) : Number(url.port);
  return { upstream: { scheme, host, port, bypass } };
}

/** Whether a host is one of those for which a context's proxy is not asked: `host`, `.host`, `*.host`, `<local>`. */
export const isBypassed = (host: string, { bypass }: Pick<Upstream, 'bypass'>): boolean =>
  bypass.some((entry) => {
    if (entry === '*') return true;
    if (entry === '<local>') return !host.includes('.') && !host.includes(':');
    const domain = entry.replace(/^\*(?=\.)/, '');
    return domain.startsWith('.') ? host.endsWith(domain) : host === domain;
  });
