import { createPrivateKey, hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { type ProxyRoute, parseProxyRoutes } from '../domain/proxies.ts';
import type { TokenKeySet } from './tokens.ts';

/**
 * The proxies of a session as its item holds them: their credentials are read by nobody who reads the table. The key is made
 * of the one that signs for the session, which lives as long as it does (docs/decisions/2026-11-29-proxies.md).
 */
const HEADER = { alg: 'dir', enc: 'A256GCM' } as const;
const PURPOSE = 'wallcrawler: proxies of a session';
const KEY_BYTES = 32;

interface SealedFor {
  readonly sessionId: string;
  readonly tokenKeyId: string;
}

export function sealProxies(
  routes: readonly ProxyRoute[],
  { keys }: TokenKeySet,
  session: SealedFor,
): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(routes));
  return new CompactEncrypt(text).setProtectedHeader(HEADER).encrypt(keyFor(keys, session));
}

/** Rejects with an Error that says nothing of what is sealed. */
export async function openProxies(
  sealed: string,
  { keys }: TokenKeySet,
  session: SealedFor,
): Promise<readonly ProxyRoute[]> {
  const { plaintext } = await compactDecrypt(sealed, keyFor(keys, session), {
    keyManagementAlgorithms: [HEADER.alg],
    contentEncryptionAlgorithms: [HEADER.enc],
  });
  return parseProxyRoutes(JSON.parse(new TextDecoder().decode(plaintext)));
}

function keyFor(keys: TokenKeySet['keys'], { sessionId, tokenKeyId }: SealedFor): Uint8Array {
  const key = Object.hasOwn(keys, tokenKeyId) ? keys[tokenKeyId] : undefined;
  if (key === undefined) throw new Error('The key of this session is not there any more');
  const secret = createPrivateKey(key.privateKey).export({ type: 'pkcs8', format: 'der' });
  return new Uint8Array(hkdfSync('sha256', secret, sessionId, PURPOSE, KEY_BYTES));
}
