import { CONNECT_PATH } from '../core/domain/connect-url.ts';
import type { TokenAudience } from '../core/tokens/tokens.ts';

/** What a client asks for, and by which token. */
export interface Target {
  readonly audience: Extract<TokenAudience, 'cdp' | 'live'>;
  readonly token: string;
  /** Path and query as the session's own proxy knows them. */
  readonly path: string;
}

const LIVE_PATH = /^\/live\/([\w.-]+)(?:\/|$)/;

/**
 * Reads a request's target; null when the router serves nothing there. What goes on is the target as it was understood
 * here, dot segments resolved: two readers of one raw text may see two things.
 */
export function readTarget(target: string): Target | null {
  const url = target.startsWith('/') ? URL.parse(`http://router${target}`) : null;
  if (url === null) return null;
  const { pathname } = url;
  if (pathname !== CONNECT_PATH && !pathname.startsWith(`${CONNECT_PATH}/`)) return null;
  const rest = pathname.slice(CONNECT_PATH.length) || '/';
  const path = `${rest}${url.search}`;
  const live = LIVE_PATH.exec(rest);
  if (live !== null) return { audience: 'live', token: live[1] as string, path };
  return { audience: 'cdp', token: url.searchParams.get('signingKey') ?? '', path };
}
