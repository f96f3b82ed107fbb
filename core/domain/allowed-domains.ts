/** The domains to which a session's pages may go: each with all that is below it. */
import { AppError } from './errors.ts';

/** They travel in their container's environment, of which ECS takes 8,192 characters in all. */
export const ALLOWED_DOMAINS = Object.freeze({ max: 100, maxCharacters: 2_000 });

const MAX_DOMAIN_CHARACTERS = 253;
// What a URL's parser would take for something else than a host, or leave out.
const IS_PART_OF_A_URL = /[\s/?#@\\%]/;
// It takes more in a host than names are made of.
const IS_HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/;

/**
 * A domain as browsers write it (`EXAMPLE.com.` is `example.com`, an IPv6 address has brackets), or `*.example.com` for
 * what is below it alone. Null for what is none, such as a URL, or a host with a port.
 */
export function readDomain(text: string): string | null {
  const [, wildcard = '', domain = ''] = /^(\*\.)?(.*)$/s.exec(text) ?? [];
  if (domain === '' || text.length > MAX_DOMAIN_CHARACTERS || IS_PART_OF_A_URL.test(domain)) return null;
  if (domain.includes(':') && !/^\[.*\]$/.test(domain)) return null;
  const hostname = URL.parse(`http://${domain}/`)?.hostname.replace(/\.$/, '') ?? '';
  return IS_HOST.test(hostname) ? wildcard + hostname : null;
}

/** Whether a URL's host is one of these domains, or below one. */
export function isAllowedHost(host: string, domains: readonly string[]): boolean {
  const name = host.replace(/\.$/, '').toLowerCase();
  return domains.some((domain) =>
    domain.startsWith('*.') ? name.endsWith(domain.slice(1)) : name === domain || name.endsWith(`.${domain}`),
  );
}

const badRequest = (fault: string): AppError =>
  new AppError('BAD_REQUEST', [`body/browserSettings/allowedDomains${fault}`]);

/** What a request asks for, as browsers write it. Throws a BAD_REQUEST that says which is none, or that they are too many. */
export function readAllowedDomains(asked: readonly string[]): readonly string[] {
  const domains = asked.map((text, index) => {
    const domain = readDomain(text);
    if (domain !== null) return domain;
    throw badRequest(`/${index} must be a domain such as example.com, without scheme, port and path`);
  });
  const each = [...new Set(domains)];
  if (areAllowedDomains(each)) return each;
  const { max, maxCharacters } = ALLOWED_DOMAINS;
  throw badRequest(` must have ${max} domains and ${maxCharacters} characters together at most`);
}

/** Whether a value is what `readAllowedDomains` makes. */
export const areAllowedDomains = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.every((domain) => typeof domain === 'string' && readDomain(domain) === domain) &&
  value.length <= ALLOWED_DOMAINS.max &&
  value.join('').length <= ALLOWED_DOMAINS.maxCharacters;
