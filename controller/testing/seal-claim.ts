import { createHash } from 'node:crypto';
import { CompactEncrypt, importJWK } from 'jose';
import { CLAIM_SEALING } from '../../core/domain/claim.ts';

/** A claim's body, as the platform seals it, and its digest for the claim's token. */
export async function sealClaim(publicKey: string, content: unknown) {
  const { alg, enc } = CLAIM_SEALING;
  const key = await importJWK(JSON.parse(publicKey), alg);
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const body = await new CompactEncrypt(Buffer.from(text)).setProtectedHeader({ alg, enc }).encrypt(key);
  return { body, bodyHash: hashOf(body) };
}

export const hashOf = (body: string | Buffer): string =>
  createHash('sha256').update(body).digest('base64url');
