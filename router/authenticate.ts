import type { Address } from '../core/domain/session.ts';
import { keyIdOf, TokenError, verifyToken } from '../core/tokens/tokens.ts';
import type { SessionFinder, SessionId } from './find-session.ts';
import type { PublicKeySource } from './public-keys.ts';
import type { Target } from './read-target.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

export interface AdmissionDeps {
  readonly publicKeys: Pick<PublicKeySource, 'having'>;
  readonly sessions: Pick<SessionFinder, 'find' | 'isOver'>;
  readonly now: () => Date;
}

/**
 * From a target to a container's address, in two steps: until its token is verified, a client learns nothing, costs no
 * read of a session and holds no place.
 */
export interface Admission {
  /** Whom the token is for. That it is for this page too is checked once more by the session's proxy. */
  verify(target: Target): Promise<SessionId>;
  /** Waits for a session that is not ready. Throws a RefusedError, or the reason of `signal`. */
  find(session: SessionId, signal: AbortSignal): Promise<Address>;
  /** Whether nobody is served there any more. */
  isOver(session: SessionId): Promise<boolean>;
}

export const createAdmission = ({ publicKeys, sessions, now }: AdmissionDeps): Admission => ({
  find: sessions.find,
  isOver: sessions.isOver,
  async verify({ token, audience }) {
    try {
      const keyId = keyIdOf(token);
      const keys = keyId === '' ? {} : await publicKeys.having(keyId);
      const { sessionId, projectId } = verifyToken(keys, token, { audience, now: now() });
      return { sessionId, projectId };
    } catch (error) {
      throw error instanceof TokenError ? new RefusedError(REFUSALS.badToken, { cause: error }) : error;
    }
  },
});
