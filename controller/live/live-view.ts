import type { ServerResponse } from 'node:http';
import { type Refusal, refuseRequest } from '../../core/server/refusal.ts';
import type { ChromeConnection } from '../chrome/connection.ts';
import type { Frontend } from './frontend.ts';
import { listPages } from './page-list.ts';
import { SANDBOXED_ORIGIN_HEADERS, withStorage } from './sandboxed-origin.ts';
import { serveViewPage } from './serve-view-page.ts';

/** A request for the live view, whose token has been verified. */
export interface LiveRequest {
  /** The rest of the path, after the token. */
  readonly path: string;
  /** Only this page may be seen; null: every page. */
  readonly pageId: string | null;
}

export const UNKNOWN_PATH: Refusal = { status: 404, message: 'There is nothing at this path' };

/** What Chrome has to offer to a person who watches. */
export interface LiveSource {
  readonly connection: Pick<ChromeConnection, 'call' | 'closeSession'>;
  readonly frontend: Pick<Frontend, 'read'>;
}

// The token is in the path: it must not travel on in a Referer, nor lie in a shared cache.
const PRIVATE_HEADERS = { 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' } as const;
// Which page it shows is in the path, for the page itself: its socket is what the token is held against.
const VIEW_PATH = /^\/view(?:\/[\w-]{1,64})?$/;
const FRONTEND_PATH = /^\/devtools\/(.+)$/;

/** Answers the live view's HTTP requests: its page, the list of pages, and Chrome's own DevTools frontend. */
export async function serveLiveView(
  request: LiveRequest,
  response: ServerResponse,
  source: LiveSource,
): Promise<void> {
  if (request.path === '/json/list') return servePageList(request.pageId, response, source);
  if (VIEW_PATH.test(request.path)) return serveViewPage(response);
  const file = FRONTEND_PATH.exec(request.path)?.[1];
  if (file !== undefined) return serveFrontend(file, response, source);
  refuseRequest(response, UNKNOWN_PATH);
}

async function servePageList(
  onlyPageId: string | null,
  response: ServerResponse,
  { connection }: LiveSource,
): Promise<void> {
  const listed = await listPages(connection, onlyPageId);
  response.writeHead(200, {
    ...PRIVATE_HEADERS,
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(listed));
}

async function serveFrontend(
  path: string,
  response: ServerResponse,
  { frontend }: LiveSource,
): Promise<void> {
  const file = await frontend.read(path);
  if (file === null) return refuseRequest(response, UNKNOWN_PATH);
  // By its name: Chrome says text/html of some files that are not.
  const isPage = path.endsWith('.html');
  const body = isPage ? withStorage(file.body) : file.body;
  response.writeHead(200, {
    ...PRIVATE_HEADERS,
    ...SANDBOXED_ORIGIN_HEADERS,
    // A page is asked for again each time: that of a session which has ended is the reason, not a blank frame.
    'cache-control': isPage ? 'no-store' : 'private, max-age=3600',
    'content-type': file.contentType,
    'content-length': body.length,
  });
  response.end(body);
}
