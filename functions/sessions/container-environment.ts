import { CONTAINER_VARIABLES, type ContainerEnvironment } from '../../core/domain/container-environment.ts';
import { settingsOf } from '../../core/domain/container-settings.ts';
import type { Session } from '../../core/domain/session.ts';
import { publicKeysOf, type TokenKeySet } from '../../core/tokens/tokens.ts';
import { signContainerToken } from './container-token.ts';
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
  const { sessionId, projectId } = session;
  const settings = settingsOf({ session, browserSettings: body.browserSettings ?? {} });
  return {
    [CONTAINER_VARIABLES.sessionId]: sessionId,
    [CONTAINER_VARIABLES.projectId]: projectId,
    [CONTAINER_VARIABLES.controllerToken]: signContainerToken(keySet, session),
    [CONTAINER_VARIABLES.containerApiUrl]: apiUrl,
    [CONTAINER_VARIABLES.tokenPublicKeys]: JSON.stringify(publicKeysOf(keySet)),
    [CONTAINER_VARIABLES.settings]: JSON.stringify(settings),
  };
}
