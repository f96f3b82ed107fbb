/**
 * What a container learns at its start, by the name of the variable that carries it. The function that creates a session
 * writes them, the controller reads them; ECS takes up to 8,192 characters of all.
 */
export const CONTAINER_VARIABLES = {
  sessionId: 'SESSION_ID',
  projectId: 'PROJECT_ID',
  /** The container's own token, for the container API. */
  controllerToken: 'CONTROLLER_TOKEN',
  /** Where the container API is. */
  containerApiUrl: 'CONTAINER_API_URL',
  /** Public keys by their ids, as JSON: by them the proxy verifies its clients' tokens. */
  tokenPublicKeys: 'TOKEN_PUBLIC_KEYS',
  /** The session's settings (container-settings.ts), as JSON. */
  settings: 'SESSION_SETTINGS',
} as const;

export type ContainerVariable = (typeof CONTAINER_VARIABLES)[keyof typeof CONTAINER_VARIABLES];

/**
 * What a warm container learns instead: who it is, until somebody claims it. It finds the container API and the public
 * keys as any other.
 */
export const WARM_VARIABLES = {
  warmId: 'WARM_ID',
  /** Its own token (`warm`), with which it reports ready. */
  warmToken: 'WARM_TOKEN',
  /** ISO 8601: unclaimed, it ends itself then. Somewhat after the keeper should have ended it, who knows of claims. */
  warmUntil: 'WARM_UNTIL',
  containerApiUrl: CONTAINER_VARIABLES.containerApiUrl,
  tokenPublicKeys: CONTAINER_VARIABLES.tokenPublicKeys,
} as const;

export type WarmEnvironment = Readonly<Record<(typeof WARM_VARIABLES)[keyof typeof WARM_VARIABLES], string>>;

/** The variables of one container; a missing one is a fault of types. */
export type ContainerEnvironment = Readonly<Record<ContainerVariable, string>>;
