import { CLAIM_PATH } from '../core/domain/claim.ts';
import { CONNECT_PATH } from '../core/domain/connect-url.ts';
import { uploadNameIn, viewerFileIn } from '../core/domain/uploads.ts';
import { type JsonEndpoint, jsonEndpointOf, readAppendedPath } from '../core/server/json-endpoints.ts';
import type { TokenAudience } from '../core/tokens/tokens.ts';

/** What a client asks for, and by which token. */
export interface Target {
  readonly audience: Extract<TokenAudience, 'cdp' | 'live' | 'claim' | 'upload'>;
  readonly token: string;
  /** Path and query as the session's own proxy knows them. */
  readonly path: string;
  /** What Chrome answers by HTTP, where the path is one of those. */
  readonly json: JsonEndpoint | null;
  /** A file may be put there. */
  readonly takesFile: boolean;
}

// One segment and no more: what a claim's container knows is exactly this path.
const CLAIM = new RegExp(`^${CONNECT_PATH}${CLAIM_PATH}/([\\w.-]+)$`);
const LIVE_PATH = /^\/live\/([\w.-]+)(?:\/|$)/;

/**
 * Reads a request's target; null when the router serves nothing there. What goes on is the target as it was understood
 * here, dot segments resolved: two readers of one raw text may see two things.
 */
export function readTarget(target: string): Target | null {
  const parsed = target.startsWith('/') ? URL.parse(`http://router${target}`) : null;
  if (parsed === null) return null;
  const claim = CLAIM.exec(parsed.pathname)?.[1];
  if (claim !== undefined)
    return { audience: 'claim', token: claim, path: `${CLAIM_PATH}/${claim}`, json: null, takesFile: false };
  const url = readAppendedPath(parsed);
  const rest = restOf(url.pathname);
  if (rest === null) return null;
  const path = `${rest}${url.search}`;
  const live = LIVE_PATH.exec(rest);
  if (live !== null) {
    const takesFile = viewerFileIn(rest) !== null;
    return { audience: 'live', token: live[1] as string, path, json: null, takesFile };
  }
  const json = jsonEndpointOf(rest);
  const takesFile = uploadNameIn(rest) !== null;
  const audience = takesFile ? 'upload' : 'cdp';
  return { audience, token: url.searchParams.get('signingKey') ?? '', path, json, takesFile };
}

/** The path below the router's own; null: it is elsewhere. chromedp keeps of a URL the host and the query only. */
function restOf(pathname: string): string | null {
  if (jsonEndpointOf(pathname) !== null) return pathname;
  if (pathname !== CONNECT_PATH && !pathname.startsWith(`${CONNECT_PATH}/`)) return null;
  return pathname.slice(CONNECT_PATH.length) || '/';
}
