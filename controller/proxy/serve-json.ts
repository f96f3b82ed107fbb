import type { ServerResponse } from 'node:http';
import { refuseRequest } from '../../core/server/refusal.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { ChromeConnection } from '../chrome/connection.ts';
import { listPages } from '../live/page-list.ts';
import type { JsonRequest } from './authorize-upgrade.ts';
import { REFUSALS } from './refusals.ts';

export interface JsonAsker extends JsonRequest {
  readonly sessionId: string;
  /** Where the client has reached us; null: it does not say. */
  readonly origin: string | null;
}

type Connection = Pick<ChromeConnection, 'call' | 'closeSession'>;

// The answer holds the token that the question came with.
const HEADERS = {
  'content-type': 'application/json; charset=UTF-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Answers as Chrome's own port would, with URLs that lead through this proxy. */
export async function serveJson(
  asker: JsonAsker,
  response: ServerResponse,
  connection: Connection,
  limits: { readonly chromeAnswerMs: number },
): Promise<void> {
  const { origin, endpoint } = asker;
  if (origin === null) return refuseRequest(response, REFUSALS.badAddress);
  const urlOf = (path: string) => `${origin}/devtools/${path}?signingKey=${encodeURIComponent(asker.token)}`;
  const asked =
    endpoint === 'version'
      ? describeBrowser(connection, urlOf(`browser/${asker.sessionId}`))
      : describePages(connection, urlOf);
  const answer = await withTimeout(asked, limits.chromeAnswerMs);
  if (answer === undefined) return refuseRequest(response, REFUSALS.chromeSilent);
  response.writeHead(200, HEADERS);
  response.end(JSON.stringify(answer, null, 3));
}

async function describeBrowser(connection: Connection, webSocketDebuggerUrl: string): Promise<object> {
  const { product, protocolVersion, userAgent, jsVersion, revision } =
    await connection.call('Browser.getVersion');
  return {
    Browser: product,
    'Protocol-Version': protocolVersion,
    'User-Agent': userAgent,
    'V8-Version': jsVersion,
    'WebKit-Version': `537.36 (${revision})`,
    webSocketDebuggerUrl,
  };
}

async function describePages(connection: Connection, urlOf: (path: string) => string): Promise<object> {
  const pages = await listPages(connection, null);
  return pages.map((page) => ({
    description: '',
    ...page,
    webSocketDebuggerUrl: urlOf(`page/${page.id}`),
  }));
}
