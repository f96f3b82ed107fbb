import { MASKED } from './masked.ts';

/** Addresses within a sentence of Chrome's. */
const ADDRESS = /\b[a-z][a-z\d+.-]{1,20}:[^\s'"<>`]+/gi;
/** What is no address but its own content. */
const CONTENT = /^\s*(data|javascript|view-source|filesystem):/i;
const DATA_TYPE = /^\s*data:([\w.+-]+\/[\w.+-]+)?/i;

/**
 * An address without what only its owner should know: no name and password, no fragment, and of a query the names without
 * their values. A form that is sent by GET has in them what was typed.
 */
export function maskUrl(text: string): string {
  if (text === '') return text;
  const [, scheme] = CONTENT.exec(text) ?? [];
  if (scheme !== undefined) return `${scheme.toLowerCase()}:${DATA_TYPE.exec(text)?.[1] ?? ''}${MASKED}`;
  if (text.startsWith('blob:')) return `blob:${maskUrl(text.slice('blob:'.length))}`;
  const url = URL.parse(text) ?? relative(text);
  if (url === null) return MASKED;
  if (url.username !== '') url.username = 'masked';
  if (url.password !== '') url.password = 'masked';
  const query = url.search === '' ? '' : `?${maskQuery(url.search.slice(1))}`;
  const fragment = url.hash === '' ? '' : `#${MASKED}`;
  url.search = '';
  url.hash = '';
  const shown = url.protocol === NOWHERE.protocol ? url.pathname : url.href;
  return `${shown}${query}${fragment}`;
}

/** Every address in a text. */
export const maskUrlsIn = (text: string): string => text.replaceAll(ADDRESS, maskUrl);

const NOWHERE = new URL('nowhere://nowhere/');

/** As `:path` of a request. */
const relative = (text: string): URL | null => (text.startsWith('/') ? URL.parse(text, NOWHERE.href) : null);

const maskQuery = (query: string): string =>
  query
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? MASKED : `${pair.slice(0, at)}=${MASKED}`;
    })
    .join('&');
