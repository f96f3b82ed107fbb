import type { Address } from '../core/domain/session.ts';
import { keyIdOf, type TokenClaims, TokenError, verifyToken } from '../core/tokens/tokens.ts';
import type { SessionFinder } from './find-session.ts';
import type { PublicKeySource } from './public-keys.ts';
import type { Target } from './read-target.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

export interface AdmitDeps {
  readonly publicKeys: Pick<PublicKeySource, 'having'>;
  readonly sessions: Pick<SessionFinder, 'find'>;
  readonly now: () => Date;
}

export interface Admission {
  readonly sessionId: string;
  readonly projectId: string;
  readonly address: Address;
}

/**
 * From a target to a container's address: the token is verified first, so that whoever has none learns nothing and costs
 * no read of a session. That the token is for this session and this page is checked once more by the session's proxy.
 */
export function createAdmission({ publicKeys, sessions, now }: AdmitDeps) {
  async function verify({ token, audience }: Target): Promise<TokenClaims> {
    try {
      const keyId = keyIdOf(token);
      const keys = keyId === '' ? {} : await publicKeys.having(keyId);
      return verifyToken(keys, token, { audience, now: now() });
    } catch (error) {
      throw error instanceof TokenError ? new RefusedError(REFUSALS.badToken, { cause: error }) : error;
    }
  }

  return async (target: Target, signal: AbortSignal): Promise<Admission> => {
    const { sessionId, projectId } = await verify(target);
    const address = await sessions.find({ sessionId, projectId }, signal);
    return { sessionId, projectId, address };
  };
}

export type Admit = ReturnType<typeof createAdmission>;
