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

/** The variables of one container; a missing one is a fault of types. */
export type ContainerEnvironment = Readonly<Record<ContainerVariable, string>>;
