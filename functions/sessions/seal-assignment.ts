import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { CLAIM_SEALING, type ClaimedAssignment } from '../../core/domain/claim.ts';

const { alg, enc } = CLAIM_SEALING;

/** The assignment as only the container of that public key (a JWK, as JSON) can read it: a JWE in its compact form. */
export async function sealAssignment(assignment: ClaimedAssignment, publicKey: string): Promise<string> {
  const key = await importJWK(JSON.parse(publicKey) as JWK, alg);
  return new CompactEncrypt(Buffer.from(JSON.stringify(assignment)))
    .setProtectedHeader({ alg, enc })
    .encrypt(key);
}
