import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../domain/clock.ts';
import { CREDENTIALS } from '../../domain/timing.ts';
import { parseKeySet } from '../../tokens/key-set.ts';
import type { LoadTokenKeys, TokenKeySet } from '../../tokens/tokens.ts';

/**
 * Reads the token keys from their secret, at most every `keyCacheMs`: after that a rotation (rotate-token-keys.ts) is
 * seen, and the key before it is valid for longer. A failed read is not remembered.
 */
export function createTokenKeyLoader(
  client: SecretsManagerClient,
  secretId: string,
  clock: Clock,
): LoadTokenKeys {
  let cached: { readonly keySet: Promise<TokenKeySet>; readonly readAtMs: number } | undefined;
  const read = async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return parseKeySet(SecretString ?? '');
  };
  return () => {
    if (cached !== undefined && clock.now() - cached.readAtMs < CREDENTIALS.keyCacheMs) return cached.keySet;
    const keySet = read();
    const reading = { keySet, readAtMs: clock.now() };
    cached = reading;
    keySet.catch(() => {
      if (cached === reading) cached = undefined;
    });
    return keySet;
  };
}
