import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { CREDENTIALS } from '../domain/timing.ts';
import type { TokenKey, TokenKeySet } from './tokens.ts';

/** All public keys travel in each container's environment, which ECS takes up to 8,192 characters. */
export const MAX_KEYS = 16;

function createKey(): TokenKey {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** Not one key may go yet, and there is no room for another. */
export class TooManyKeysError extends Error {
  override readonly name = 'TooManyKeysError';
}

/**
 * A key set with a fresh current key. The keys before it stay, private halves too, until the last token that each may
 * have signed has expired: a running session gets its tokens from the key it was created with, however often the keys
 * are rotated meanwhile. core/aws/keys/rotate-token-keys.ts stores and publishes it.
 */
export function rotateKeySet(previous: TokenKeySet | undefined, now: Date): TokenKeySet {
  const kept = Object.entries(previous?.keys ?? {})
    .map(([keyId, key]) => [keyId, { ...key, retiredAt: key.retiredAt ?? now.toISOString() }] as const)
    .filter(([, { retiredAt }]) => now.getTime() - Date.parse(retiredAt) < CREDENTIALS.retiredKeyMs);
  if (kept.length >= MAX_KEYS) {
    const oldest = Math.min(...kept.map(([, { retiredAt }]) => Date.parse(retiredAt)));
    throw new TooManyKeysError(
      `${kept.length} keys may still sign for running sessions; the next one can be made at ${new Date(oldest + CREDENTIALS.retiredKeyMs).toISOString()}`,
    );
  }
  const current = randomUUID().slice(0, 8);
  return { current, keys: { ...Object.fromEntries(kept), [current]: createKey() } };
}

/** Reads a key set from the text of its secret. Throws an Error that names the fault and holds none of the text. */
export function parseKeySet(secret: string): TokenKeySet {
  let value: Partial<TokenKeySet> | null;
  try {
    value = JSON.parse(secret) as Partial<TokenKeySet> | null;
  } catch {
    throw new Error('The token-key secret is not JSON');
  }
  const { current, keys } = value ?? {};
  if (
    typeof current !== 'string' ||
    typeof keys !== 'object' ||
    keys === null ||
    !Object.hasOwn(keys, current)
  ) {
    throw new Error('The token-key secret needs "current" and a key of that name in "keys"');
  }
  return { current, keys };
}

/**
 * Whether a key will be there until `until`, whatever is rotated. The key that a warm container knows may have been
 * replaced since the container started, and a session that begins now outlives what is left of it.
 */
export function canSignUntil({ keys }: TokenKeySet, keyId: string, until: Date): boolean {
  const key = Object.hasOwn(keys, keyId) ? keys[keyId] : undefined;
  if (key === undefined) return false;
  return (
    key.retiredAt === undefined || Date.parse(key.retiredAt) + CREDENTIALS.retiredKeyMs >= until.getTime()
  );
}

/** Whether tokens of a session can still be signed. Not when its key leaked and was dropped: its container knows no other. */
export const canSignFor = ({ keys }: TokenKeySet, { tokenKeyId }: { readonly tokenKeyId: string }): boolean =>
  Object.hasOwn(keys, tokenKeyId);
