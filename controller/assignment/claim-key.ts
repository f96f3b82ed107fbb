import { CompactEncrypt, type CryptoKey, compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { CLAIM_SEALING } from '../../core/domain/claim.ts';

/** The key pair of one container, made at its start: claims are sealed to its public half. */
export interface ClaimKey {
  /** A public JWK as JSON. */
  readonly publicKey: string;
  /** What was sealed. Rejects when it was not sealed to this key, or in another way. */
  open(sealed: Buffer): Promise<unknown>;
  /** As the platform seals a claim to this key. */
  seal(content: object): Promise<string>;
}

export async function createClaimKey(): Promise<ClaimKey> {
  const { alg, enc, crv } = CLAIM_SEALING;
  // The private half cannot be exported, and so not be logged.
  const { publicKey, privateKey } = await generateKeyPair(alg, { crv });
  return {
    publicKey: JSON.stringify(await exportJWK(publicKey)),
    open: (sealed) => open(sealed, privateKey),
    seal: (content) =>
      new CompactEncrypt(Buffer.from(JSON.stringify(content)))
        .setProtectedHeader({ alg, enc })
        .encrypt(publicKey),
  };
}

async function open(sealed: Buffer, key: CryptoKey): Promise<unknown> {
  const { plaintext } = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: [CLAIM_SEALING.alg],
    contentEncryptionAlgorithms: [CLAIM_SEALING.enc],
  });
  return JSON.parse(Buffer.from(plaintext).toString());
}
