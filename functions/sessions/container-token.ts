import type { Session } from '../../core/domain/session.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { TokenKeySet } from '../../core/tokens/tokens.ts';

/** When a container's own token for its session ends: after the deadline it still saves its profile, and reports. */
export const containerTokenEndOf = ({ expiresAt }: Pick<Session, 'expiresAt'>): Date =>
  new Date(Date.parse(expiresAt) + CREDENTIALS.controllerGraceMs);

/** The container's own token, for the container API: of a claimed one, bound to its warm id as well. */
export const signContainerToken = (
  keySet: TokenKeySet,
  { sessionId, projectId, expiresAt, warmId, tokenKeyId, requestId }: Session,
): string =>
  signToken(keySet, tokenKeyId, 'controller', {
    sessionId,
    projectId,
    ...(warmId === undefined ? {} : { warmId }),
    ...(requestId === undefined ? {} : { requestId }),
    expiresAt: containerTokenEndOf({ expiresAt }),
  });
