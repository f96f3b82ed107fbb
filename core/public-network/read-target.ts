import { isIP } from 'node:net';
import { PublicNetworkError } from './public-network-error.ts';
import { isRefusedPort } from './refused-ports.ts';

export interface Target {
  readonly url: URL;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

const MAX_URL_CHARACTERS = 8_192;
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)|^\/\/([^/?#]*)/i;
const WRONG_SCHEME = 'The URL must start with http:// or https://';
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
// A URL parser drops some of these in silence, so that what is checked would not be what was written.
const IS_UNUSUAL = /[\s\p{Cc}\\]/u;

/**
 * What a URL asks for, in words that leave no doubt: http or https, no credentials, no refused port, and an IPv4 address
 * in no other notation than the usual one. `base` is for the target of a redirect, which may be relative.
 */
export function readTarget(text: string, base?: Target): Target {
  const fault = (why: string) => new PublicNetworkError('bad-url', why);
  if (text.length > MAX_URL_CHARACTERS)
    throw fault(`The URL is longer than ${MAX_URL_CHARACTERS} characters`);
  if (IS_UNUSUAL.test(text)) throw fault('The URL has blanks, control characters or backslashes');
  const url = URL.parse(text, base?.url.href);
  if (url === null) throw fault(HAS_SCHEME.test(text) ? 'The URL is not valid' : WRONG_SCHEME);
  const isSecure = url.protocol === 'https:';
  if (!isSecure && url.protocol !== 'http:') throw fault(WRONG_SCHEME);
  if (hasCredentials(url)) throw fault('The URL has credentials, which are not sent from here');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (host === '') throw fault('The URL names no host');
  if (isIP(host) === 4 && !isWrittenPlainly(host, text, base))
    throw fault('The URL has an address that is not written as four decimal numbers');
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  if (isRefusedPort(port))
    throw new PublicNetworkError('refused-port', `Port ${port} is not asked from here`);
  return { url, host, port, isSecure };
}

const hasCredentials = ({ username, password }: URL): boolean => username !== '' || password !== '';

/** Hosts such as `2130706433`, `0x7f.1` and `0177.0.0.1` are all read as addresses. */
function isWrittenPlainly(host: string, text: string, base: Target | undefined): boolean {
  const match = AUTHORITY.exec(text);
  if (match === null) return base?.host === host;
  return (match[1] ?? match[2] ?? '').replace(/:\d*$/, '') === host;
}
