import type { ContainerSettings, Session } from '../../core/domain/session.ts';
import { publicKeysOf, signToken, type TokenKeySet } from '../../core/tokens/tokens.ts';
import { type CreateSessionBody, viewportOf } from './create-session-request.ts';

// The container still has to save its profile and to report its end after the deadline.
const CONTROLLER_TOKEN_GRACE_MS = 10 * 60_000;

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
  const settings: ContainerSettings = {
    expiresAt,
    keepAlive: session.keepAlive,
    context:
      session.contextId === undefined
        ? null
        : { id: session.contextId, persist: session.persistContext ?? false },
    viewport: viewportOf(body.browserSettings),
    ignoreCertificateErrors: body.browserSettings?.ignoreCertificateErrors ?? false,
  };
  return {
    SESSION_ID: sessionId,
    PROJECT_ID: projectId,
    CONTROLLER_TOKEN: signToken(keySet, session.tokenKeyId, 'controller', {
      sessionId,
      projectId,
      expiresAt: new Date(Date.parse(expiresAt) + CONTROLLER_TOKEN_GRACE_MS),
    }),
    CONTAINER_API_URL: apiUrl,
    TOKEN_PUBLIC_KEYS: JSON.stringify(publicKeysOf(keySet)),
    SESSION_SETTINGS: JSON.stringify(settings),
  };
}
