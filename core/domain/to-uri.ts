const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** What neither reads nor shows anything, and is a URI. */
export const NO_ICON = 'data:,';
const NO_PAGE = 'about:blank';

/**
 * An address as RFC 3986 has it, of at most `maxLength` characters. Browsers are laxer: they leave `|`, `{` and a second
 * `#` as they are, of which a contract that says `format: uri` lets none pass. What is no address at all is a blank page.
 */
export function toUri(address: string, maxLength: number): string {
  if (!SCHEME.test(address)) return NO_PAGE;
  // An escape that was cut in two would be none.
  return escapeAddress(address).slice(0, maxLength).replace(/%.?$/, '');
}

/** The same for an icon, which is whole or none. */
export function toIconUri(address: string, maxLength: number): string {
  const uri = SCHEME.test(address) ? escapeAddress(address) : NO_ICON;
  return uri.length <= maxLength ? uri : NO_ICON;
}

function escapeAddress(address: string): string {
  const [, start = '', rest = '', fragment] = PARTS.exec(address.toWellFormed()) ?? [];
  const end = fragment === undefined ? '' : `#${escapeText(fragment)}`;
  return `${start}${escapeText(rest)}${end}`;
}

// Scheme and host, in which the brackets of an IPv6 address are right; path and query; fragment.
const PARTS = /^([a-z][a-z0-9+.-]*:(?:\/\/[\w.~!$&'()*+,;=:@%[\]-]*)?)([^#]*)(?:#(.*))?$/is;

const escapeText = (text: string): string =>
  text.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9_.~!$&'()*+,;=:@/?%-]/gu, encodeURIComponent);
