import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../domain/clock.ts';
import { CREDENTIALS } from '../../domain/timing.ts';
import { createLogger, type Logger } from '../../log/logger.ts';
import { parseKeySet } from '../../tokens/key-set.ts';
import type { LoadTokenKeys, TokenKeySet } from '../../tokens/tokens.ts';

/** The keys cannot be read, for the reason that AWS gives, and there are none from before. */
export class TokenKeysUnreadableError extends Error {
  override readonly name = 'TokenKeysUnreadableError';
  /** The name of the fault; its text may name what is nobody's business. */
  readonly reason: string;
  constructor(cause: unknown) {
    super('The token keys cannot be read', { cause });
    this.reason = cause instanceof Error ? cause.name : 'Error';
  }
}

interface Known {
  readonly keySet: TokenKeySet;
  readonly readAtMs: number;
}

/**
 * Reads the token keys from their secret, at most every `keyCacheMs`: after that a rotation (rotate-token-keys.ts) is
 * seen, and the key before it is valid for longer. Where they cannot be read again, those from before do for
 * `staleKeysMs`. With none it throws a TokenKeysUnreadableError, and the next call tries again.
 */
export function createTokenKeyLoader(
  client: SecretsManagerClient,
  secretId: string,
  clock: Clock,
  logger: Pick<Logger, 'warn'> = createLogger({ service: 'token-keys' }),
): LoadTokenKeys {
  let known: Known | undefined;
  let reading: Promise<TokenKeySet> | undefined;
  let retryAtMs = 0;

  async function read(): Promise<TokenKeySet> {
    const readAtMs = clock.now();
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      known = { keySet: parseKeySet(SecretString ?? ''), readAtMs };
      return known.keySet;
    } catch (error) {
      retryAtMs = clock.now() + CREDENTIALS.keyRetryMs;
      if (known !== undefined && ageOf(known) < CREDENTIALS.staleKeysMs) {
        logger.warn('the token keys cannot be read again; those from before do', { error });
        return known.keySet;
      }
      throw new TokenKeysUnreadableError(error);
    } finally {
      reading = undefined;
    }
  }

  const ageOf = ({ readAtMs }: Known): number => clock.now() - readAtMs;

  return async () => {
    if (known !== undefined) {
      const age = ageOf(known);
      const mayWait = age < CREDENTIALS.staleKeysMs && clock.now() < retryAtMs;
      if (age < CREDENTIALS.keyCacheMs || mayWait) return known.keySet;
    }
    reading ??= read();
    return reading;
  };
}
