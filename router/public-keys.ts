import type { PublicKeys } from '../core/tokens/tokens.ts';
import type { RouterLimits } from './limits.ts';

export interface PublicKeyDeps {
  readonly read: () => Promise<PublicKeys>;
  readonly now: () => number;
  readonly limits: Pick<RouterLimits, 'maxKeyAgeMs' | 'minKeyAgeMs'>;
}

/**
 * The published keys as a rotation leaves them. They are read again when they are old, and at once when a token names a
 * key that is not among them: so the first token of a new key is taken. Tokens with made-up keys cause one read in
 * `minKeyAgeMs` at most, however many there are.
 */
export function createPublicKeys({ read, now, limits }: PublicKeyDeps) {
  let cached: { readonly keys: Promise<PublicKeys>; readonly readAtMs: number } | undefined;

  function readAgain(): Promise<PublicKeys> {
    const reading = { keys: read(), readAtMs: now() };
    cached = reading;
    reading.keys.catch(() => {
      if (cached === reading) cached = undefined;
    });
    return reading.keys;
  }

  return {
    /** All keys, `keyId` among them if it exists. */
    async having(keyId: string): Promise<PublicKeys> {
      if (cached === undefined || now() - cached.readAtMs >= limits.maxKeyAgeMs) return readAgain();
      const { keys, readAtMs } = cached;
      const known = await keys;
      if (Object.hasOwn(known, keyId) || now() - readAtMs < limits.minKeyAgeMs) return known;
      return cached?.readAtMs === readAtMs ? readAgain() : (cached?.keys ?? readAgain());
    },
  };
}

export type PublicKeySource = ReturnType<typeof createPublicKeys>;
