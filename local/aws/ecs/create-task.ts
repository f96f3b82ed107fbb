import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import type { TaskSpec } from '../../../terraform/reader/infrastructure.ts';
import type { Account } from '../events/event-bus.ts';
import type { HostResources } from './host-resources.ts';
import type { TaskLauncherOptions } from './launch-task.ts';
import { ecsArn, type Task } from './task.ts';

export interface RunTaskInput {
  readonly cluster: string;
  readonly definition: TaskSpec;
  readonly environment: Readonly<Record<string, string>>;
  readonly clientToken?: string | undefined;
  readonly startedBy?: string | undefined;
}

const SESSION_ID = /^[\w-]{1,64}$/;

/** A task that has no process yet. Its environment is left out: that holds the session's token. */
export function createTask(
  { environment, cluster, definition, startedBy, clientToken }: RunTaskInput,
  { hostPort, uid }: HostResources,
  { account, launcher, now }: { account: Account; launcher: TaskLauncherOptions; now: () => Date },
): Task {
  const id = randomBytes(16).toString('hex');
  const { image, sessionRoot, proxyHost } = launcher;
  // As the controller names it; after itself, while it has no session. An id that is no plain name gets none.
  const sessionId = environment.SESSION_ID ?? environment.WARM_ID ?? '';
  // The session root is named after the data folder, and a port is one task's alone: so no two machines share a name.
  const containerName = `${basename(sessionRoot)}-${hostPort}`;
  return {
    id,
    arn: ecsArn(account, `task/${cluster}/${id}`),
    cluster,
    family: definition.family,
    containerName: definition.container,
    containerPort: definition.port,
    stopTimeoutSeconds: definition.stopTimeoutSeconds,
    createdAtMs: now().getTime(),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    proxyHost,
    hostPort,
    startedBy,
    clientToken,
    uid,
    sessionFolder: SESSION_ID.test(sessionId) ? join(sessionRoot, sessionId) : undefined,
    container: image && { engine: image.engine, name: containerName },
  };
}
