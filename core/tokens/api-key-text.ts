import { createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 24;
export const MAX_API_KEY_CHARACTERS = 256;

export const createApiKeyText = (): string => `wc_${randomBytes(KEY_BYTES).toString('base64url')}`;

/** Keys are long and random, so one round of SHA-256 is enough: there is nothing to guess. */
export const hashApiKey = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex');

// Of a key that somebody chose, four characters may be too much of it.
const MIN_CHARACTERS_FOR_LAST_FOUR = 32;

/** What of a key may be kept to tell it by: nothing when the key is short. */
export const lastFourOf = (apiKey: string): string | undefined =>
  apiKey.length < MIN_CHARACTERS_FOR_LAST_FOUR ? undefined : apiKey.slice(-4);

const MIN_API_KEY_CHARACTERS = 8;
export const API_KEY_FORM = `${MIN_API_KEY_CHARACTERS} to ${MAX_API_KEY_CHARACTERS} printable characters without a space`;

/** Whether a text that somebody chose can be a key: it has to stand in a header. */
export const isApiKeyText = (text: string): boolean =>
  /^[\x21-\x7e]+$/.test(text) &&
  text.length >= MIN_API_KEY_CHARACTERS &&
  text.length <= MAX_API_KEY_CHARACTERS;
