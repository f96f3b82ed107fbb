import jwt from 'jsonwebtoken';

/**
 * The platform's tokens: ES256 (RFC 7518, 3.4), each bound to one audience and one session.
 *
 * Only the Lambdas that answer with a token hold the private key. Containers and the router hold public keys only.
 */
export type TokenAudience = 'cdp' | 'controller' | 'live';

export interface TokenKey {
  readonly privateKey: string;
  readonly publicKey: string;
  /** When another key became the current one; absent in that one. */
  readonly retiredAt?: string;
}

/** The key pairs by key id; `current` signs for new sessions, the others for those that began with them. */
export interface TokenKeySet {
  readonly current: string;
  readonly keys: Readonly<Record<string, TokenKey>>;
}

/** How functions come by the key set: from its secret, read again now and then (core/aws/keys/load-token-keys.ts). */
export type LoadTokenKeys = () => Promise<TokenKeySet>;

/** Public keys (PEM) by key id. */
export type PublicKeys = Readonly<Record<string, string>>;

export interface TokenClaims {
  readonly sessionId: string;
  readonly projectId: string;
  /** Only in `live` tokens: the one page they open. */
  readonly pageId?: string;
  readonly expiresAt: Date;
}

export type TokenFault =
  | 'malformed'
  | 'unknown key'
  | 'bad signature'
  | 'expired'
  | 'wrong audience'
  | 'wrong session';

/** Says what is wrong with a token, and never holds the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly fault: TokenFault;
  constructor(fault: TokenFault) {
    super(`The token is not accepted: ${fault}`);
    this.fault = fault;
  }
}

const ISSUER = 'wallcrawler';
const MAX_TOKEN_CHARACTERS = 2048;

/** Signs a token with the key `keyId` of `keySet`. Throws when the set no longer has that key. */
export function signToken(
  keySet: TokenKeySet,
  keyId: string,
  audience: TokenAudience,
  claims: TokenClaims,
): string {
  const key = Object.hasOwn(keySet.keys, keyId) ? keySet.keys[keyId] : undefined;
  if (key === undefined) throw new TokenError('unknown key');
  const payload = {
    prj: claims.projectId,
    ...(claims.pageId === undefined ? {} : { page: claims.pageId }),
    exp: Math.ceil(claims.expiresAt.getTime() / 1000),
  };
  return jwt.sign(payload, key.privateKey, {
    algorithm: 'ES256',
    keyid: keyId,
    audience,
    issuer: ISSUER,
    subject: claims.sessionId,
  });
}

/**
 * Checks signature, algorithm, issuer, audience, expiry and, when `sessionId` is given, that the token is bound to that
 * session. Throws a TokenError otherwise.
 */
export function verifyToken(
  publicKeys: PublicKeys,
  token: string,
  { audience, sessionId, now }: { audience: TokenAudience; sessionId?: string; now: Date },
): TokenClaims {
  const payload = decodeVerified(publicKeys, token, audience, now);
  if (typeof payload.sub !== 'string' || typeof payload.prj !== 'string' || payload.exp === undefined) {
    throw new TokenError('malformed');
  }
  if (sessionId !== undefined && payload.sub !== sessionId) throw new TokenError('wrong session');
  return {
    sessionId: payload.sub,
    projectId: payload.prj,
    expiresAt: new Date(payload.exp * 1000),
    ...(typeof payload.page === 'string' ? { pageId: payload.page } : {}),
  };
}

/** Which key a token says it is signed with; nothing of it is verified yet. Throws a TokenError when it is no token. */
export function keyIdOf(token: string): string {
  if (token.length > MAX_TOKEN_CHARACTERS) throw new TokenError('malformed');
  const header = decodeHeader(token);
  if (header === undefined) throw new TokenError('malformed');
  return typeof header.kid === 'string' ? header.kid : '';
}

function decodeHeader(token: string): jwt.JwtHeader | undefined {
  try {
    return jwt.decode(token, { complete: true })?.header;
  } catch {
    // A payload that is not JSON is null with one header and a SyntaxError with another.
    return undefined;
  }
}

function decodeVerified(
  publicKeys: PublicKeys,
  token: string,
  audience: TokenAudience,
  now: Date,
): jwt.JwtPayload {
  const keyId = keyIdOf(token);
  const publicKey = Object.hasOwn(publicKeys, keyId) ? publicKeys[keyId] : undefined;
  if (publicKey === undefined) throw new TokenError('unknown key');
  try {
    const payload = jwt.verify(token, publicKey, {
      algorithms: ['ES256'],
      audience,
      issuer: ISSUER,
      clockTimestamp: Math.floor(now.getTime() / 1000),
    });
    if (typeof payload === 'string') throw new TokenError('malformed');
    return payload;
  } catch (error) {
    throw error instanceof TokenError ? error : new TokenError(faultOf(error));
  }
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof jwt.TokenExpiredError) return 'expired';
  if (error instanceof Error && error.message.startsWith('jwt audience invalid')) return 'wrong audience';
  if (error instanceof Error && error.message.startsWith('invalid')) return 'bad signature';
  return 'malformed';
}

/** The public half of a key set: what a container or the router may know. */
export const publicKeysOf = (keySet: TokenKeySet): PublicKeys =>
  Object.fromEntries(Object.entries(keySet.keys).map(([keyId, { publicKey }]) => [keyId, publicKey]));
