import { createHash } from 'node:crypto';

/** What a `claim` token is bound to: the SHA-256 of the sealed body, base64url. */
export const bodyHashOf = (body: string | Uint8Array): string =>
  createHash('sha256').update(body).digest('base64url');
