import { isObject } from '../../core/domain/is-object.ts';
import { maskUrl } from './mask-url.ts';
import { MASKED } from './masked.ts';

/** Whose values tell how a page was asked for and answered, and nothing of who asked. Every other one is masked. */
const SHOWN: ReadonlySet<string> = new Set(
  `:authority :method :scheme :status accept accept-encoding accept-language accept-ranges age alt-svc cache-control
  connection content-disposition content-encoding content-language content-length content-range content-type
  cross-origin-embedder-policy cross-origin-opener-policy cross-origin-resource-policy date expires host keep-alive
  last-modified pragma range referrer-policy retry-after sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user server
  strict-transport-security transfer-encoding upgrade upgrade-insecure-requests user-agent vary via x-content-type-options
  x-frame-options`.split(/\s+/),
);
const ADDRESSES: ReadonlySet<string> = new Set([
  ':path',
  'content-location',
  'location',
  'origin',
  'referer',
]);

/** Headers as an object of names and values. */
export function maskHeaders(headers: unknown): unknown {
  if (!isObject(headers)) return MASKED;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, maskHeader(name.toLowerCase(), value)]),
  );
}

function maskHeader(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return MASKED;
  if (ADDRESSES.has(name)) return maskUrl(value);
  return SHOWN.has(name) ? value : MASKED;
}
