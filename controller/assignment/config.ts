import { ConfigError, json, type Parser, readConfig, text } from '../../core/config/env.ts';
import { CONTAINER_VARIABLES } from '../../core/domain/container-environment.ts';
import { parseSettings } from '../../core/domain/container-settings.ts';
import type { ChromeUser } from '../chrome/launch.ts';
import { type AssignmentSource, assignedAtStart } from './assignment.ts';
import { HOST_VARIABLES, type Host, TIME_VARIABLES } from './host.ts';
import { IDENTITY_VARIABLES, type Identity } from './identity.ts';
import { WARM_START_VARIABLES, type Warm } from './warm.ts';

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

interface Container {
  readonly identity: Identity;
  readonly host: Host;
}

/** A container has its session from the first moment on, or waits for one: `warm`. */
export type ControllerConfig = Container &
  (
    | { readonly assignments: AssignmentSource; readonly warm?: undefined }
    | { readonly assignments?: undefined; readonly warm: Warm }
  );

type Environment = Readonly<Record<string, string | undefined>>;

const CONTAINER = { ...IDENTITY_VARIABLES, ...HOST_VARIABLES, ...TIME_VARIABLES };

/** Everything that a controller knows when it starts. All faults are reported at once, whichever part they are in. */
export function readControllerConfig(env: Environment): ControllerConfig {
  const isSet = ([variable]: readonly [string, unknown]) => (env[variable] ?? '') !== '';
  const ofWarm = Object.values(WARM_START_VARIABLES).filter(isSet);
  if (ofWarm.length === 0) return readAssigned(env);
  refuseBoth(ofWarm, Object.values(ASSIGNMENT_VARIABLES).filter(isSet));
  const { warmId, warmToken, warmUntilMs, ...container } = readConfig(env, {
    ...WARM_START_VARIABLES,
    ...CONTAINER,
  });
  return { ...containerOf(container), warm: { warmId, token: warmToken, untilMs: warmUntilMs } };
}

function readAssigned(env: Environment): ControllerConfig {
  const { sessionId, projectId, token, settings, ...container } = readConfig(env, {
    ...ASSIGNMENT_VARIABLES,
    ...CONTAINER,
  });
  return {
    ...containerOf(container),
    assignments: assignedAtStart({ sessionId, projectId, token, settings }),
  };
}

type Named = readonly (readonly [variable: string, unknown])[];

/** Whoever starts a container with both has mixed two up: it is not guessed which was meant. */
function refuseBoth(ofWarm: Named, ofSession: Named): void {
  if (ofSession.length === 0) return;
  const names = (variables: Named) => variables.map(([variable]) => variable).join(', ');
  throw new ConfigError([`${names(ofWarm)} cannot stand beside ${names(ofSession)}`]);
}

function containerOf(container: ReturnType<typeof readConfig<typeof CONTAINER>>): Container {
  const { containerApiUrl, publicKeys, chromeUid, chromeGid, capacityProvider, ...host } = container;
  const { proxyHost, proxyPort, chromePath, chromeVersion, sessionRoot, ...others } = host;
  const { egressGuard, allowedNetworks, connectOrigin, adHostsFile, ...times } = others;
  const chromeUser = chromeUserOf(chromeUid, chromeGid);
  const isReclaimable = capacityProvider === 'FARGATE_SPOT';
  return {
    identity: { publicKeys, containerApiUrl },
    host: {
      ...{ proxyHost, proxyPort, chromePath, chromeVersion, chromeUser, sessionRoot, isReclaimable, times },
      adHostsFile,
      egress: egressGuard === '1' ? { allowedNetworks, connectOrigin } : undefined,
    },
  };
}

const chromeUserOf = (uid: number | undefined, gid: number | undefined): ChromeUser | undefined =>
  uid === undefined ? undefined : { uid, gid: gid ?? uid };
