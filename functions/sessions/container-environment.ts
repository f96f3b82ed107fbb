import { settingsOf } from '../../core/domain/container-settings.ts';
import type { Session } from '../../core/domain/session.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { publicKeysOf, signToken, type TokenKeySet } from '../../core/tokens/tokens.ts';
import type { CreateSessionBody } from './create-session-request.ts';

/** Everything a container learns at its start: its session, its own token, and public keys only. */
export function containerEnvironment({
  session,
  body,
  keySet,
  apiUrl,
}: {
  readonly session: Session;
  readonly body: CreateSessionBody;
  readonly keySet: TokenKeySet;
  readonly apiUrl: string;
}): Record<string, string> {
  const { sessionId, projectId, expiresAt } = session;
  const settings = settingsOf({ session, browserSettings: body.browserSettings ?? {} });
  return {
    SESSION_ID: sessionId,
    PROJECT_ID: projectId,
    CONTROLLER_TOKEN: signToken(keySet, session.tokenKeyId, 'controller', {
      sessionId,
      projectId,
      expiresAt: new Date(Date.parse(expiresAt) + CREDENTIALS.controllerGraceMs),
    }),
    CONTAINER_API_URL: apiUrl,
    TOKEN_PUBLIC_KEYS: JSON.stringify(publicKeysOf(keySet)),
    SESSION_SETTINGS: JSON.stringify(settings),
  };
}
