import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CREDENTIALS } from '../../domain/timing.ts';
import { parseKeySet } from '../../tokens/key-set.ts';
import type { TokenKeySet } from '../../tokens/tokens.ts';

export type LoadTokenKeys = () => Promise<TokenKeySet>;

/** Reads the token keys from their secret, at most every `keyCacheMs`: after that a rotation is seen, and the key before it is valid for longer. A failed read is not remembered. */
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
    if (cached !== undefined && now() - cached.readAt < CREDENTIALS.keyCacheMs) return cached.keySet;
    const keySet = read();
    cached = { keySet, readAt: now() };
    keySet.catch(() => {
      cached = undefined;
    });
    return keySet;
  };
}
