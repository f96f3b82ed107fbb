import { connectDetailsOf, connectEndpointOf } from '../../core/domain/connect-url.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ConnectDetails } from '../../core/domain/session-view.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { TokenKeySet } from '../../core/tokens/tokens.ts';

/**
 * Where and with which token to connect to a session that is READY or ACTIVE. The token is signed for this one answer
 * and stored nowhere; any number of them are valid beside each other until the session's deadline.
 */
export function signConnectDetails(
  session: Session,
  keySet: TokenKeySet,
  publicConnectOrigin: string | undefined,
): ConnectDetails {
  const { sessionId, projectId, expiresAt, address } = session;
  if (address === undefined) throw new Error(`Session ${sessionId} is ready without an address`);
  const signingKey = signToken(keySet, session.tokenKeyId, 'cdp', {
    sessionId,
    projectId,
    expiresAt: new Date(expiresAt),
  });
  return connectDetailsOf(connectEndpointOf(address, publicConnectOrigin), signingKey);
}
