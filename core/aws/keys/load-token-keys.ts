import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseKeySet } from '../../tokens/key-set.ts';
import type { TokenKeySet } from '../../tokens/tokens.ts';

// A rotation is seen by every environment after this time; the key before it stays valid for longer.
const CACHE_MS = 5 * 60_000;

export type LoadTokenKeys = () => Promise<TokenKeySet>;

/** Reads the token keys from their secret, at most every five minutes. A failed read is not remembered. */
export function createTokenKeyLoader(
  client: SecretsManagerClient,
  secretId: string,
  now: () => number = Date.now,
): LoadTokenKeys {
  let cached: { readonly keySet: Promise<TokenKeySet>; readonly readAt: number } | undefined;
  const read = async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return parseKeySet(SecretString ?? '');
  };
  return () => {
    if (cached !== undefined && now() - cached.readAt < CACHE_MS) return cached.keySet;
    const keySet = read();
    cached = { keySet, readAt: now() };
    keySet.catch(() => {
      cached = undefined;
    });
    return keySet;
  };
}
