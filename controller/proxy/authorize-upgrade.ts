import { timingSafeEqual } from 'node:crypto';
import { viewerFileIn } from '../../core/domain/uploads.ts';
import { type JsonEndpoint, jsonEndpointOf, readAppendedPath } from '../../core/server/json-endpoints.ts';
import type { Refusal } from '../../core/server/refusal.ts';
import { type PublicKeys, type TokenClaims, TokenError, UPLOAD_AUDIENCES } from '../../core/tokens/tokens.ts';
import { verifyToken } from '../../core/tokens/verify-token.ts';
import type { LiveRequest } from '../live/live-view.ts';
import { BROWSER_CONTROL, FULL_CONTROL, PAGE_CONTROL, type Rights, VIEW_ONLY } from '../relay/rights.ts';
import { REFUSALS } from './refusals.ts';

/**
 * `cdp`: a client. `in-page`: one that runs in a page of some browser, perhaps of this one: it is served, and moves no clock of
 * the session. `live`: a person who watches. `probe`: the controller itself, before it reports ready.
 */
export type ClientKind = 'cdp' | 'in-page' | 'live' | 'probe';

/** What a socket may reach, and what it may do there. It is decided here and nowhere else. */
export interface Grant {
  readonly kind: ClientKind;
  /** The page that it reaches; null: the browser, and every page in it. */
  readonly pageId: string | null;
  readonly rights: Rights;
  /** A live view's own messages, and no DevTools protocol. */
  readonly isCast?: boolean;
}

export interface Access {
  readonly publicKeys: PublicKeys;
  /** null: no session has been assigned yet, and no token can be for it. */
  readonly sessionId: string | null;
  readonly now: () => Date;
  /** Opens the browser once; null after that. */
  readonly probeKey: string | null;
  /** The session outlives its clients. */
  readonly keepAlive: boolean;
}

/** What tells who asks for a WebSocket. */
export interface UpgradeRequest {
  readonly url?: string | undefined;
  readonly headers: { readonly origin?: string | undefined };
}

export type Decision = { readonly grant: Grant } | { readonly refusal: Refusal };

const BROWSER_PATH = /^\/(?:connect\/?)?$|^\/devtools\/browser\/[\w-]+$/;
const CONNECT_PREFIX = /^\/connect(?=\/)/;
const PAGE_PATH = /^\/devtools\/page\/([\w-]{1,64})$/;
const CAST_PATH = /^\/cast(?:\/([\w-]{1,64}))?$/;
const LIVE_PATH = /^\/live\/([\w.-]+)(\/.*)$/;

/** Who may open which WebSocket, and what it may do there. Pure: path, token and origin in, grant or refusal out. */
export function authorizeUpgrade({ url: target = '', headers }: UpgradeRequest, access: Access): Decision {
  const url = parseTarget(target);
  if (url === null) return { refusal: REFUSALS.unknownPath };
  const live = LIVE_PATH.exec(url.pathname);
  if (live !== null) return authorizeLive(live[1] as string, live[2] as string, access);
  const page = PAGE_PATH.exec(url.pathname);
  if (page === null && !BROWSER_PATH.test(url.pathname)) return { refusal: REFUSALS.unknownPath };
  const pageId = page?.[1] ?? null;
  const token = url.searchParams.get('signingKey') ?? '';
  if (pageId === null && isProbeKey(token, access.probeKey))
    return { grant: { kind: 'probe', pageId, rights: FULL_CONTROL } };
  const claims = claimsOf(token, 'cdp', access);
  if (claims === null) return { refusal: REFUSALS.badToken };
  // Every browser says of a page's socket where the page is from, and no page can hide it.
  const kind = headers.origin === undefined ? 'cdp' : 'in-page';
  return { grant: { kind, pageId, rights: clientRightsOf(claims, access) } };
}

function clientRightsOf({ isViewOnly, mayNotEnd }: TokenClaims, { keepAlive }: Access): Rights {
  if (isViewOnly === true) return VIEW_ONLY;
  return keepAlive || mayNotEnd === true ? BROWSER_CONTROL : FULL_CONTROL;
}

function authorizeLive(token: string, path: string, access: Access): Decision {
  const cast = CAST_PATH.exec(path);
  const page = cast ?? PAGE_PATH.exec(path);
  if (page === null) return { refusal: REFUSALS.unknownPath };
  const claims = claimsOf(token, 'live', access);
  if (claims === null) return { refusal: REFUSALS.badToken };
  const pageId = page[1] ?? null;
  if (claims.pageId !== undefined && claims.pageId !== pageId) return { refusal: REFUSALS.badToken };
  const rights = claims.isViewOnly === true ? VIEW_ONLY : PAGE_CONTROL;
  return { grant: { kind: 'live', pageId, rights, ...(cast === null ? {} : { isCast: true }) } };
}

/** The same for the live view's HTTP requests; null when the path is not the live view's. */
export function authorizeLiveRequest(
  target: string,
  access: Access,
): { readonly request: LiveRequest } | { readonly refusal: Refusal } | null {
  const url = parseTarget(target);
  const live = url === null ? null : LIVE_PATH.exec(url.pathname);
  if (url === null || live === null) return null;
  const claims = claimsOf(live[1] as string, 'live', access);
  if (claims === null) return { refusal: REFUSALS.badToken };
  return { request: { path: live[2] as string, pageId: claims.pageId ?? null } };
}

/** A file that somebody sends by a live view, for a chooser that is open. */
export interface ViewerFile {
  readonly chooserId: string;
  /** As in the target. */
  readonly given: string;
  /** The page of a link for one; null: whichever of the session. */
  readonly onlyPageId: string | null;
}

/** The same for a file that is put; null when the path is none of one. */
export function authorizeViewerFile(
  target: string,
  access: Access,
): { readonly file: ViewerFile } | { readonly refusal: Refusal } | null {
  const path = parseTarget(target)?.pathname ?? '';
  const { token, chooserId, name: given } = viewerFileIn(path) ?? {};
  if (token === undefined || chooserId === undefined || given === undefined) return null;
  const claims = claimsOf(token, 'live', access);
  if (claims === null) return { refusal: REFUSALS.badToken };
  if (claims.isViewOnly === true) return { refusal: REFUSALS.watchesOnly };
  return { file: { chooserId, given, onlyPageId: claims.pageId ?? null } };
}

/** A client's question that comes before its WebSocket, and by which token. */
export interface JsonRequest {
  readonly endpoint: JsonEndpoint;
  readonly token: string;
}

/** The same for what Chrome answers by HTTP; null when the path is none of those. */
export function authorizeJsonRequest(
  target: string,
  access: Access,
): { readonly request: JsonRequest } | { readonly refusal: Refusal } | null {
  const parsed = parseTarget(target);
  if (parsed === null) return null;
  const url = readAppendedPath(parsed);
  const endpoint = jsonEndpointOf(url.pathname.replace(CONNECT_PREFIX, ''));
  if (endpoint === null) return null;
  const token = url.searchParams.get('signingKey') ?? '';
  if (claimsOf(token, 'cdp', access) === null) return { refusal: REFUSALS.badToken };
  return { request: { endpoint, token } };
}

/** Why a request may not leave a file in the session, for its clients; null: it may. A live view sends one for a chooser that is open. */
export function refusalOfUpload(target: string, access: Access): Refusal | null {
  const token = parseTarget(target)?.searchParams.get('signingKey') ?? '';
  const claims = claimsOf(token, UPLOAD_AUDIENCES, access);
  if (claims === null) return REFUSALS.badToken;
  return claims.isViewOnly === true ? REFUSALS.watchesOnly : null;
}

type Audience = Parameters<typeof verifyToken>[2]['audience'];

function claimsOf(token: string, audience: Audience, { publicKeys, sessionId, now }: Access) {
  if (sessionId === null) return null;
  try {
    return verifyToken(publicKeys, token, { audience, sessionId, now: now() });
  } catch (error) {
    if (error instanceof TokenError) return null;
    throw error;
  }
}

function isProbeKey(token: string, probeKey: string | null): boolean {
  if (probeKey === null) return false;
  const [given, expected] = [Buffer.from(token), Buffer.from(probeKey)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The request's target as a URL, dot segments resolved. */
export function parseTarget(target: string): URL | null {
  return target.startsWith('/') ? URL.parse(`http://proxy${target}`) : null;
}
