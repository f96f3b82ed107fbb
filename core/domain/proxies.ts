/** By which proxies a session goes out: what its create names, checked, and what its container is told. */
import { matchesDomainPattern, readDomainPattern } from './domain-pattern.ts';
import { AppError } from './errors.ts';
import { isObject } from './is-object.ts';

export const PROXY_SCHEMES = ['http', 'https', 'socks4', 'socks5'] as const;
export type ProxyScheme = (typeof PROXY_SCHEMES)[number];

export interface ProxyServer {
  readonly scheme: ProxyScheme;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
}

/** The first one whose pattern names a host says how it is reached. `server` null: without a proxy. */
export interface ProxyRoute {
  /** Of `readDomainPattern`; null: all. */
  readonly pattern: string | null;
  readonly server: ProxyServer | null;
}

/** One entry of a create's `proxies`, after the contract. */
export type AskedProxy =
  | {
      readonly type: 'external';
      readonly server: string;
      readonly domainPattern?: string;
      readonly username?: string;
      readonly password?: string;
    }
  | { readonly type: 'none' | 'browserbase'; readonly domainPattern?: string };

/** Their item is written with each heartbeat, and paid for by its size. */
export const PROXY_LIMITS = Object.freeze({ max: 20, allCharacters: 8_192 });

/** As a URL begins, and its port where it names none. */
export const PROXY_URL_SCHEMES: Readonly<Record<string, readonly [scheme: ProxyScheme, port: number]>> = {
  'http:': ['http', 80],
  'https:': ['https', 443],
  'socks:': ['socks5', 1080],
  'socks4:': ['socks4', 1080],
  'socks4a:': ['socks4', 1080],
  'socks5:': ['socks5', 1080],
  'socks5h:': ['socks5', 1080],
};
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const IS_HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const HAS_CONTROL = /[\x00-\x1f\x7f]/;
/** Of SOCKS (RFC 1929): a length is one byte. */
const MAX_SOCKS_BYTES = 255;

// Names places alone: what stands there may be a secret.
const badRequest = (index: number, fault: string): AppError =>
  new AppError('BAD_REQUEST', [`body/proxies/${index}/${fault}`]);

/**
 * The routes that a create asks for; empty: all goes out without a proxy. `true` and `browserbase` are `managed`, the proxy of
 * the installation's owner; where there is none they are refused before (setting-support.ts). Throws a BAD_REQUEST that names the entry.
 */
export function readProxies(
  asked: boolean | readonly AskedProxy[] = false,
  managed: ProxyServer | null = null,
): readonly ProxyRoute[] {
  if (asked === true) return managed === null ? [] : [{ pattern: null, server: managed }];
  if (asked === false) return [];
  const routes = asked.map((entry, index) => ({
    pattern: readPattern(entry.domainPattern, index),
    server:
      entry.type === 'external' ? readServer(entry, index) : entry.type === 'browserbase' ? managed : null,
  }));
  if (!routes.some(({ server }) => server !== null)) return [];
  const { length } = JSON.stringify(routes);
  if (length <= PROXY_LIMITS.allCharacters) return routes;
  throw new AppError('BAD_REQUEST', [
    `body/proxies must have ${PROXY_LIMITS.allCharacters} characters in all, at most`,
  ]);
}

function readPattern(text: string | undefined, index: number): string | null {
  if (text === undefined) return null;
  const pattern = readDomainPattern(text);
  if (pattern !== null) return pattern;
  throw badRequest(
    index,
    'domainPattern must be a domain such as example.com, or have * (or .*) for any text, such as *.example.com; no other regular expression',
  );
}

function readServer(
  { server, username, password }: Extract<AskedProxy, { type: 'external' }>,
  index: number,
): ProxyServer {
  // As browsers read it: `host:port` is a proxy by http.
  const url = URL.parse(HAS_SCHEME.test(server) ? server : `http://${server}`);
  const [scheme, defaultPort] = PROXY_URL_SCHEMES[url?.protocol ?? ''] ?? [];
  const hostname = url?.hostname.toLowerCase() ?? '';
  const isBare = url !== null && url.pathname.replace('/', '') + url.search + url.hash === '';
  if (url === null || !isBare || scheme === undefined || defaultPort === undefined || !IS_HOST.test(hostname))
    throw badRequest(
      index,
      'server must be http://, https://, socks5:// or socks4:// with a host and its port',
    );
  const hasOwn = url.username !== '' || url.password !== '';
  if (hasOwn && (username !== undefined || password !== undefined))
    throw badRequest(index, 'server must hold no credentials where username or password is given');
  const credentials = hasOwn
    ? { username: decode(url.username, index), password: decode(url.password, index) }
    : { username, password };
  return {
    scheme,
    host: hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, ''),
    port: url.port === '' ? defaultPort : Number(url.port),
    ...readCredentials(credentials, scheme, index),
  };
}

function decode(text: string, index: number): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest(index, 'server must hold credentials that are percent-encoded');
  }
}

function readCredentials(
  credentials: { readonly username?: string | undefined; readonly password?: string | undefined },
  scheme: ProxyScheme,
  index: number,
): { readonly username?: string; readonly password?: string } {
  const { username = '', password = '' } = credentials;
  if (username === '' && password === '') return {};
  if (username === '') throw badRequest(index, 'username must be given with a password');
  for (const [name, text] of Object.entries({ username, password })) {
    if (HAS_CONTROL.test(text)) throw badRequest(index, `${name} must have no control characters`);
    if (scheme.startsWith('socks') && new TextEncoder().encode(text).length > MAX_SOCKS_BYTES)
      throw badRequest(index, `${name} must have ${MAX_SOCKS_BYTES} bytes at most, for a SOCKS proxy`);
  }
  if (!scheme.startsWith('socks') && username.includes(':'))
    throw badRequest(index, 'username must have no colon, for a proxy by HTTP');
  if (scheme === 'socks4' && password !== '')
    throw badRequest(index, 'password must be left out, for a proxy by SOCKS 4: it knows none');
  return { username, password };
}

/** A proxy of an owner's, as its URL says. Throws an Error that says nothing of what stands in it. */
export function parseProxyUrl(text: string): ProxyServer {
  try {
    return readServer({ type: 'external', server: text }, 0);
  } catch {
    throw new Error(
      'must be a proxy such as http://user:password@host:3128, by http, https, socks5 or socks4',
    );
  }
}

/** How a host is reached: by the first route that names it; null without a proxy. */
export const serverFor = (host: string, routes: readonly ProxyRoute[]): ProxyServer | null =>
  routes.find(({ pattern }) => pattern === null || matchesDomainPattern(host, pattern))?.server ?? null;

/** Routes as they came from elsewhere. Throws an Error that says nothing of what stands in them. */
export function parseProxyRoutes(value: unknown): readonly ProxyRoute[] {
  if (Array.isArray(value) && value.every(isRoute)) return value;
  throw new Error('The proxies of a session are not usable');
}

const isTextOrNone = (value: unknown): boolean => value === undefined || typeof value === 'string';

const isRoute = (value: unknown): value is ProxyRoute =>
  isObject(value) &&
  (value.pattern === null || typeof value.pattern === 'string') &&
  (value.server === null || isServer(value.server));

const isServer = (value: unknown): boolean =>
  isObject(value) &&
  (PROXY_SCHEMES as readonly unknown[]).includes(value.scheme) &&
  typeof value.host === 'string' &&
  Number.isInteger(value.port) &&
  isTextOrNone(value.username) &&
  isTextOrNone(value.password);
