import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { TokenKey, TokenKeySet } from './tokens.ts';

function createKey(): TokenKey {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** A key set with a fresh current key; the key that was current before stays valid, older ones are dropped. */
export function rotateKeySet(previous?: TokenKeySet): TokenKeySet {
  const current = randomUUID().slice(0, 8);
  const kept = previous?.keys[previous.current];
  return {
    current,
    keys: {
      ...(previous === undefined || kept === undefined ? {} : { [previous.current]: kept }),
      [current]: createKey(),
    },
  };
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
