import { json, type Parser, url } from '../../core/config/env.ts';
import { CONTAINER_VARIABLES } from '../../core/domain/container-environment.ts';
import { isObject } from '../../core/domain/is-object.ts';
import type { PublicKeys } from '../../core/tokens/tokens.ts';

/**
 * What a container is from its first moment on, before it knows of a session. With which token it speaks is not part of it:
 * a session's comes with the assignment, and that of a container which waits for one is in warm.ts.
 */
export interface Identity {
  /** The platform's: whose tokens it believes. */
  readonly publicKeys: PublicKeys;
  readonly containerApiUrl: string;
}

const publicKeys: Parser<PublicKeys> = json((value) => {
  const isUsable =
    isObject(value) &&
    Object.values(value).length > 0 &&
    Object.values(value).every((pem) => typeof pem === 'string');
  if (!isUsable) throw new Error('must map key ids to PEM texts');
  return value as PublicKeys;
});

export const IDENTITY_VARIABLES = {
  containerApiUrl: [CONTAINER_VARIABLES.containerApiUrl, url('http:', 'https:')],
  publicKeys: [CONTAINER_VARIABLES.tokenPublicKeys, publicKeys],
} as const;
