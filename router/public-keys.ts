import { type Clock, pause } from '../core/domain/clock.ts';
import type { PublicKeys } from '../core/tokens/tokens.ts';
import type { RouterLimits } from './limits.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

export interface PublicKeyDeps {
  readonly read: () => Promise<PublicKeys>;
  readonly clock: Clock;
  readonly limits: Pick<RouterLimits, 'maxKeyAgeMs' | 'minKeyAgeMs' | 'maxWaitingForKey'>;
}

interface Reading {
  readonly keys: Promise<PublicKeys>;
  readonly readAtMs: number;
  /** The reading after this one, once a token has asked for it. */
  next?: Promise<PublicKeys>;
}

/**
 * The published keys as a rotation (core/aws/keys/rotate-token-keys.ts) leaves them. They are read again when they are old, and when a token names a key that
 * is not among them: so the first token of a new key is taken. Tokens with made-up keys cause one read in `minKeyAgeMs`
 * at most, however many there are; a few share it and wait for it, the others may come again.
 */
export function createPublicKeys({ read, clock, limits }: PublicKeyDeps) {
  let latest: Reading | undefined;
  let waitingCount = 0;

  function readAgain(): Promise<PublicKeys> {
    const reading: Reading = { keys: read(), readAtMs: clock.now() };
    latest = reading;
    reading.keys.catch(() => {
      if (latest === reading) latest = undefined;
    });
    return reading.keys;
  }

  async function readAfter({ readAtMs }: Reading): Promise<PublicKeys> {
    await pause(clock, Math.max(0, readAtMs + limits.minKeyAgeMs - clock.now()));
    return readAgain();
  }

  return {
    /** All keys, `keyId` among them if it exists. Throws a RefusedError when too many ask for keys that do not. */
    async having(keyId: string): Promise<PublicKeys> {
      if (latest === undefined || clock.now() - latest.readAtMs >= limits.maxKeyAgeMs) return readAgain();
      const reading = latest;
      const keys = await reading.keys;
      if (Object.hasOwn(keys, keyId)) return keys;
      if (waitingCount >= limits.maxWaitingForKey) throw new RefusedError(REFUSALS.tooManyNewKeys);
      waitingCount += 1;
      reading.next ??= readAfter(reading);
      return reading.next.finally(() => {
        waitingCount -= 1;
      });
    },
  };
}

export type PublicKeySource = ReturnType<typeof createPublicKeys>;
