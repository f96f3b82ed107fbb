import jwt from 'jsonwebtoken';
import {
  TOKEN_ISSUER,
  type TokenAudience,
  type TokenClaims,
  TokenError,
  type TokenKeySet,
} from './tokens.ts';

const modeOf = ({ isViewOnly, mayNotEnd }: TokenClaims): { readonly mode?: string } =>
  isViewOnly === true ? { mode: 'view' } : mayNotEnd === true ? { mode: 'guest' } : {};

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
    ...modeOf(claims),
    ...(claims.warmId === undefined ? {} : { warm: claims.warmId }),
    ...(claims.bodyHash === undefined ? {} : { body: claims.bodyHash }),
    ...(claims.requestId === undefined ? {} : { req: claims.requestId }),
    ...(claims.address === undefined ? {} : { addr: claims.address }),
    exp: Math.ceil(claims.expiresAt.getTime() / 1000),
  };
  return jwt.sign(payload, key.privateKey, {
    algorithm: 'ES256',
    keyid: keyId,
    audience,
    issuer: TOKEN_ISSUER,
    subject: claims.sessionId,
  });
}
