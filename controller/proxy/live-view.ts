import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { readText } from '../api/http-request.ts';
import type { BrowserEndpoint } from '../chrome/launch.ts';
import type { LiveRequest } from './authorize-upgrade.ts';
import { requestChrome } from './chrome-connection.ts';
import type { ProxyLimits } from './limits.ts';
import { REFUSALS, refuseRequest } from './refusal.ts';

interface ListedTarget {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly url: string;
  readonly faviconUrl?: string;
}

// The token is in the path: it must not travel on in a Referer, nor lie in a shared cache.
const PRIVATE_HEADERS = { 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' } as const;

/** Answers the live view's HTTP requests: the list of pages, and Chrome's own DevTools frontend. */
export async function serveLiveView(
  request: LiveRequest,
  response: ServerResponse,
  endpoint: BrowserEndpoint,
  limits: ProxyLimits,
): Promise<void> {
  if (request.path === '/json/list') return servePageList(request.pageId, response, endpoint, limits);
  if (request.path.startsWith('/devtools/')) return serveFrontend(request.path, response, endpoint, limits);
  refuseRequest(response, REFUSALS.unknownPath);
}

/** The real pages, without Chrome's loopback addresses. */
async function servePageList(
  onlyPageId: string | null,
  response: ServerResponse,
  endpoint: BrowserEndpoint,
  limits: ProxyLimits,
): Promise<void> {
  const answer = await requestChrome(endpoint, '/json/list', limits);
  const targets = JSON.parse(await readText(answer, limits.maxListBytes)) as ListedTarget[];
  const pages = targets
    .filter(({ id, type }) => type === 'page' && (onlyPageId === null || id === onlyPageId))
    .map(({ id, type, title, url, faviconUrl }) => ({ id, type, title, url, faviconUrl }));
  response.writeHead(200, {
    ...PRIVATE_HEADERS,
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(pages));
}

async function serveFrontend(
  path: string,
  response: ServerResponse,
  endpoint: BrowserEndpoint,
  limits: ProxyLimits,
): Promise<void> {
  const answer = await requestChrome(endpoint, path, limits);
  if (answer.statusCode !== 200) {
    answer.resume();
    return refuseRequest(response, REFUSALS.unknownPath);
  }
  const { 'content-type': type, 'content-length': length } = answer.headers;
  response.writeHead(200, {
    ...PRIVATE_HEADERS,
    'cache-control': 'private, max-age=3600',
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(length === undefined ? {} : { 'content-length': length }),
  });
  await pipeline(answer, response);
}
