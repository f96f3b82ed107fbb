import { isAllowedHost } from '../../core/domain/allowed-domains.ts';
import {
  type ChromeConnection,
  ChromeGoneError,
  ChromeRefusedError,
  type Json,
} from '../chrome/connection.ts';
import type { Refusal } from './refusals.ts';

const PAGES = {
  autoAttach: true,
  flatten: true,
  // Whoever opens a page asks for its first document before anybody could look at it.
  waitForDebuggerOnStart: true,
  filter: [{ type: 'page' }],
};
const DOCUMENTS = { patterns: [{ urlPattern: '*', resourceType: 'Document' }] };
/** They lead nowhere: what is there is in the URL, in a page that is there already, or in the session's own extension. */
const INNER_SCHEMES: ReadonlySet<string> = new Set(['about:', 'blob:', 'data:', 'chrome-extension:']);
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

export interface KeepToDomainsOptions {
  readonly connection: Pick<ChromeConnection, 'call' | 'listen'>;
  readonly domains: readonly string[];
  /** A page was to go elsewhere. */
  readonly onRefused: (refusal: Refusal) => void;
}

/**
 * Lets the pages of a browser go to some domains alone: of each page it looks at every document that its main frame asks
 * for, redirects included. Resolves when that is so for the pages that are there; one that cannot be looked at is closed.
 */
export async function keepToDomains({ connection, domains, onRefused }: KeepToDomainsOptions): Promise<void> {
  const first: Promise<void>[] = [];
  const pages = new Map<string, string>();
  let isFirst = true;

  const close = (targetId: string) =>
    connection.call('Target.closeTarget', { targetId }).then(() => undefined, ignoreGone);

  async function follow(targetId: string, cdpSessionId: string): Promise<void> {
    pages.set(cdpSessionId, targetId);
    const ask = (method: string, params = {}) => connection.call(method, params, cdpSessionId);
    connection.listen(cdpSessionId, (method, params) => {
      if (method !== 'Fetch.requestPaused') return;
      const { requestId } = params;
      const refusal = params.frameId === targetId ? refusalOf(params, domains) : undefined;
      if (refusal !== undefined) onRefused(refusal);
      const answered =
        refusal === undefined
          ? ask('Fetch.continueRequest', { requestId })
          : ask('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
      // The page went elsewhere meanwhile.
      answered.catch(ignoreGone);
    });
    try {
      // A page that is loaded ahead has a frame of its own until it is shown.
      await Promise.all([
        ask('Fetch.enable', DOCUMENTS),
        ask('Page.setPrerenderingAllowed', { isAllowed: false }),
      ]);
      await ask('Runtime.runIfWaitingForDebugger');
    } catch (error) {
      ignoreGone(error);
      await close(targetId);
    }
  }

  const { sessionId: watcher } = await connection.call('Target.attachToBrowserTarget');
  connection.listen(String(watcher), (method, params) => {
    const cdpSessionId = String(params.sessionId);
    if (method === 'Target.attachedToTarget') {
      const { targetId } = params.targetInfo as { targetId: string };
      const followed = follow(targetId, cdpSessionId);
      if (isFirst) first.push(followed);
    } else if (method === 'Target.detachedFromTarget') {
      // With the page, as a rule. One that stayed would go wherever it likes.
      const targetId = pages.get(cdpSessionId);
      pages.delete(cdpSessionId);
      if (targetId !== undefined) void close(targetId);
    }
  });
  await connection.call('Target.setAutoAttach', PAGES, String(watcher));
  isFirst = false;
  await Promise.all(first);
}

/** Undefined: it may be asked for. */
function refusalOf({ request }: Json, domains: readonly string[]): Refusal | undefined {
  const url = URL.parse(String((request as Json).url));
  const { protocol = '', hostname = '', port = '' } = url ?? {};
  if (INNER_SCHEMES.has(protocol)) return undefined;
  const defaultPort = DEFAULT_PORTS[protocol];
  if (defaultPort !== undefined && isAllowedHost(hostname, domains)) return undefined;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: port === '' ? (defaultPort ?? 0) : Number(port), reason: 'domain' };
}

/** The page, or all of Chrome, is gone already. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
}
