/**
 * An address of a page as an event may have it: where it is, and nothing of what was sent with it. Queries, fragments and
 * credentials may be secrets; what is no page of a site (data:, blob:, file:) is named by its kind.
 */
export function pageAddressOf(url: string): string {
  if (url.startsWith('about:')) return url.split(/[?#]/, 1)[0] ?? '';
  const parsed = URL.parse(url);
  if (parsed === null) return '';
  const { protocol, host, pathname } = parsed;
  const isSite = protocol === 'http:' || protocol === 'https:';
  const isInside = protocol === 'chrome-extension:' || protocol === 'chrome:';
  return isSite || isInside ? `${protocol}//${host}${pathname}` : protocol;
}
