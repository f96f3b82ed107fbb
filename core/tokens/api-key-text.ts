import { createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 24;
export const MAX_API_KEY_CHARACTERS = 256;

export const createApiKeyText = (): string => `wc_${randomBytes(KEY_BYTES).toString('base64url')}`;

/** Keys are long and random, so one round of SHA-256 is enough: there is nothing to guess. */
export const hashApiKey = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex');
