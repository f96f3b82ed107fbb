import { type TokenClaims, TokenError, UPLOAD_AUDIENCES } from '../core/tokens/tokens.ts';
import { keyIdOf, verifyToken } from '../core/tokens/verify-token.ts';
import type { SessionRef } from './find-session.ts';
import type { PublicKeySource } from './public-keys.ts';
import type { Target } from './read-target.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

export interface AuthenticateDeps {
  readonly publicKeys: Pick<PublicKeySource, 'having'>;
  readonly now: () => Date;
}

/** Whom a token is for; one that claims a container says where that is, and what may be sent there. */
export type Authenticated = SessionRef & Pick<TokenClaims, 'address' | 'bodyHash'>;

/**
 * Whom a target's token is for. Until it is verified a client learns nothing, costs no read of a session and holds no
 * slot. That it is for this page too is checked once more by the session's proxy.
 */
export type Authenticate = (target: Pick<Target, 'audience' | 'token'>) => Promise<Authenticated>;

export const createAuthenticate =
  ({ publicKeys, now }: AuthenticateDeps): Authenticate =>
  async ({ token, audience }) => {
    try {
      const keyId = keyIdOf(token);
      const keys = keyId === '' ? {} : await publicKeys.having(keyId);
      const accepted = audience === 'upload' ? UPLOAD_AUDIENCES : audience;
      const claims = verifyToken(keys, token, { audience: accepted, now: now() });
      const { sessionId, projectId, address, bodyHash } = claims;
      if (audience !== 'claim' || address === undefined || bodyHash === undefined)
        return { sessionId, projectId };
      return { sessionId, projectId, address, bodyHash };
    } catch (error) {
      throw error instanceof TokenError ? new RefusedError(REFUSALS.badToken, { cause: error }) : error;
    }
  };
