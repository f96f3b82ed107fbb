import { CONTAINER_VARIABLES, type ContainerEnvironment } from '../../core/domain/container-environment.ts';
import { settingsOf } from '../../core/domain/container-settings.ts';
import type { Session } from '../../core/domain/session.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf, type TokenKeySet } from '../../core/tokens/tokens.ts';
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
}): ContainerEnvironment {
  const { sessionId, projectId, expiresAt } = session;
  const settings = settingsOf({ session, browserSettings: body.browserSettings ?? {} });
  return {
    [CONTAINER_VARIABLES.sessionId]: sessionId,
    [CONTAINER_VARIABLES.projectId]: projectId,
    [CONTAINER_VARIABLES.controllerToken]: signToken(keySet, session.tokenKeyId, 'controller', {
      sessionId,
      projectId,
      expiresAt: new Date(Date.parse(expiresAt) + CREDENTIALS.controllerGraceMs),
    }),
    [CONTAINER_VARIABLES.containerApiUrl]: apiUrl,
    [CONTAINER_VARIABLES.tokenPublicKeys]: JSON.stringify(publicKeysOf(keySet)),
    [CONTAINER_VARIABLES.settings]: JSON.stringify(settings),
  };
}
