/**
 * For which hosts a proxy of a session is asked: `domainPattern`. A domain is itself and all below it. With a wildcard a
 * pattern is the whole host. Regular expressions are read as far as they are such patterns (`.*\.example\.com`), and
 * refused beyond: a stranger's expression could take for ever. These take no longer than host times pattern.
 */
import { readDomain } from './allowed-domains.ts';

const MAX_PATTERN_CHARACTERS = 253;
const IS_WILDCARD_PATTERN = /^[a-z0-9.*_-]+$/;

/** The pattern in its one notation, `*` for any text; null for what is none. */
export function readDomainPattern(text: string): string | null {
  if (text.length > MAX_PATTERN_CHARACTERS) return null;
  const plain = text
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .replaceAll('.*', '*')
    .replaceAll('\\.', '.')
    // `*.example.com` as a domain's owner writes it, and `.*\.example\.com`.
    .replaceAll(/\*+/g, '*');
  if (!plain.includes('*')) return readDomain(plain);
  const pattern = plain.toLowerCase();
  return IS_WILDCARD_PATTERN.test(pattern) ? pattern : null;
}

/** Whether a host is one of those that a pattern of `readDomainPattern` names. */
export function matchesDomainPattern(host: string, pattern: string): boolean {
  const name = host.replace(/\.$/, '').toLowerCase();
  if (!pattern.includes('*')) return name === pattern || name.endsWith(`.${pattern}`);
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
    return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
