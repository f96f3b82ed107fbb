import { API_KEY_FORM } from '../../core/tokens/api-key-text.ts';

const WHERE = 'x-bb-api-key, x-wc-api-key or Authorization: Bearer';

/**
 * Why a request has no usable key, as its 401 says it. `revoked` and `expired` are heard by nobody but who holds the whole
 * key: a stranger's guess is unknown. The texts stand in a JSON template that escapes nothing.
 */
export const KEY_REFUSALS = {
  missing: `The API key is missing: send it as ${WHERE}`,
  malformed: `The API key is malformed: send ${API_KEY_FORM} as ${WHERE}`,
  ambiguous: 'Two API keys were sent, and they differ: send one of x-bb-api-key and x-wc-api-key',
  unknown: 'The API key is unknown here: this installation has none like it',
  revoked: 'The API key was revoked',
  expired: 'The API key has expired',
} as const satisfies Record<string, string>;

export type KeyRefusal = keyof typeof KEY_REFUSALS;
