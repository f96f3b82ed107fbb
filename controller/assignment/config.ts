import { json, type Parser, readConfig, text } from '../../core/config/env.ts';
import { CONTAINER_VARIABLES } from '../../core/domain/container-environment.ts';
import { parseSettings } from '../../core/domain/container-settings.ts';
import type { ChromeUser } from '../chrome/launch.ts';
import { type AssignmentSource, assignedAtStart } from './assignment.ts';
import { HOST_VARIABLES, type Host, TIME_VARIABLES } from './host.ts';
import { IDENTITY_VARIABLES, type Identity } from './identity.ts';

/** An id that is safe as the name of a folder. */
const identifier: Parser<string> = (raw) => {
  const value = text()(raw);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(value)) throw new Error('must be letters, digits, "-" and "_" only');
  return value;
};

const ASSIGNMENT_VARIABLES = {
  sessionId: [CONTAINER_VARIABLES.sessionId, identifier],
  projectId: [CONTAINER_VARIABLES.projectId, text()],
  token: [CONTAINER_VARIABLES.controllerToken, text()],
  settings: [CONTAINER_VARIABLES.settings, json(parseSettings)],
} as const;

export interface ControllerConfig {
  readonly identity: Identity;
  readonly host: Host;
  readonly assignments: AssignmentSource;
}

/** Everything that a controller knows when it starts. All faults are reported at once, whichever part they are in. */
export function readControllerConfig(env: Readonly<Record<string, string | undefined>>): ControllerConfig {
  const { sessionId, projectId, token, settings, ...container } = readConfig(env, {
    ...ASSIGNMENT_VARIABLES,
    ...IDENTITY_VARIABLES,
    ...HOST_VARIABLES,
    ...TIME_VARIABLES,
  });
  const { containerApiUrl, publicKeys, chromeUid, chromeGid, capacityProvider, ...host } = container;
  const { proxyHost, proxyPort, chromePath, chromeVersion, sessionRoot, ...times } = host;
  const chromeUser = chromeUserOf(chromeUid, chromeGid);
  const isReclaimable = capacityProvider === 'FARGATE_SPOT';
  return {
    identity: { publicKeys, containerApiUrl },
    host: { proxyHost, proxyPort, chromePath, chromeVersion, chromeUser, sessionRoot, isReclaimable, times },
    assignments: assignedAtStart({ sessionId, projectId, token, settings }),
  };
}

const chromeUserOf = (uid: number | undefined, gid: number | undefined): ChromeUser | undefined =>
  uid === undefined ? undefined : { uid, gid: gid ?? uid };
