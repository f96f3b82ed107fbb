import { CLAIM_SEALING } from './claim.ts';
import { isObject } from './is-object.ts';

// 32 bytes as base64url.
const X = /^[A-Za-z0-9_-]{43}$/;

/**
 * The public key that claims are sealed to, as text that holds nothing else; undefined when it is none. A private half
 * that a container sent by mistake is stored nowhere.
 */
export function parseClaimKey(text: string): string | undefined {
  let jwk: unknown;
  try {
    jwk = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(jwk)) return undefined;
  const { kty, crv, x } = jwk;
  if (kty !== CLAIM_SEALING.kty || crv !== CLAIM_SEALING.crv || typeof x !== 'string' || !X.test(x))
    return undefined;
  return JSON.stringify({ kty, crv, x });
}
