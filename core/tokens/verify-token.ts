import jwt from 'jsonwebtoken';
import {
  type PublicKeys,
  TOKEN_ISSUER,
  type TokenAudience,
  type TokenClaims,
  TokenError,
  type TokenFault,
} from './tokens.ts';

const MAX_TOKEN_CHARACTERS = 2048;

interface Expected {
  /** Or one of several. */
  readonly audience: TokenAudience | readonly TokenAudience[];
  readonly sessionId?: string;
  readonly now: Date;
}

/**
 * Checks signature, algorithm, issuer, audience, expiry and, when `sessionId` is given, that the token is bound to that
 * session. Throws a TokenError otherwise.
 */
export function verifyToken(
  publicKeys: PublicKeys,
  token: string,
  { audience, sessionId, now }: Expected,
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
    ...rightsOf(payload.mode),
    ...(typeof payload.warm === 'string' ? { warmId: payload.warm } : {}),
    ...(typeof payload.body === 'string' ? { bodyHash: payload.body } : {}),
    ...(typeof payload.req === 'string' ? { requestId: payload.req } : {}),
    ...(typeof payload.addr === 'string' ? { address: payload.addr } : {}),
  };
}

/** Whatever it says that is not known here asks for less, never for more. */
const rightsOf = (mode: unknown): Pick<TokenClaims, 'isViewOnly' | 'mayNotEnd'> =>
  mode === undefined ? {} : mode === 'guest' ? { mayNotEnd: true } : { isViewOnly: true };

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
  audience: Expected['audience'],
  now: Date,
): jwt.JwtPayload {
  const keyId = keyIdOf(token);
  const publicKey = Object.hasOwn(publicKeys, keyId) ? publicKeys[keyId] : undefined;
  if (publicKey === undefined) throw new TokenError('unknown key');
  try {
    const payload = jwt.verify(token, publicKey, {
      algorithms: ['ES256'],
      audience: [audience].flat() as [TokenAudience],
      issuer: TOKEN_ISSUER,
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
