import { withTimeout } from '../../core/server/with-timeout.ts';
import type { ChromeConnection } from '../chrome/connection.ts';
import { LIVE_LIMITS } from './limits.ts';

// An icon that is larger than an address is in the page itself, and cut it would be none.
export const MAX_ICON_URL_LENGTH = 4_096;
const ICON = 'link[rel~="icon" i][href]';

/** The icon that a page names in its markup; null when it names none, or does not answer soon. */
export async function faviconUrlOf(
  connection: Pick<ChromeConnection, 'call' | 'closeSession'>,
  page: { readonly targetId: string; readonly url: string },
): Promise<string | null> {
  if (!/^https?:/.test(page.url)) return null;
  const opened = await connection
    .call('Target.attachToTarget', { targetId: page.targetId, flatten: true })
    // The page was closed meanwhile.
    .catch(() => null);
  if (opened === null) return null;
  const cdpSessionId = String(opened.sessionId);
  const asked = readIcon((method, params) => connection.call(method, params, cdpSessionId));
  try {
    const href = await withTimeout(asked, LIVE_LIMITS.iconMs);
    return href === undefined ? null : resolveIcon(href, page.url);
  } catch {
    // It navigated, or was closed, while it was asked.
    return null;
  } finally {
    connection.closeSession(cdpSessionId);
  }
}

function resolveIcon(href: string, pageUrl: string): string | null {
  if (href.length > MAX_ICON_URL_LENGTH) return null;
  const url = URL.parse(href, pageUrl)?.href ?? null;
  return url === null || url.length > MAX_ICON_URL_LENGTH ? null : url;
}

/** By the DOM, without running a script in the page. */
async function readIcon(
  call: (method: string, params: object) => Promise<Readonly<Record<string, unknown>>>,
): Promise<string | undefined> {
  const { root } = await call('DOM.getDocument', { depth: 0 });
  const { nodeId } = await call('DOM.querySelector', {
    nodeId: (root as { nodeId: number }).nodeId,
    selector: ICON,
  });
  if (nodeId === 0) return undefined;
  const { attributes } = await call('DOM.getAttributes', { nodeId });
  const list = attributes as readonly string[];
  return list[list.indexOf('href') + 1];
}
