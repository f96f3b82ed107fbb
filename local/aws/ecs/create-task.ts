import { randomBytes } from 'node:crypto';
import type { Account } from '../events/envelope.ts';
import type { HostResources } from './host-resources.ts';
import { containerNameOf, sessionFolderOf, type TaskLauncherOptions } from './launch-task.ts';
import type { RunTaskInput } from './run-task-input.ts';
import { ecsArn, type Task } from './task.ts';

/** A task that has no process yet. Its environment is left out: that holds the session's token. */
export function createTask(
  { environment, cluster, definition, startedBy, clientToken }: RunTaskInput,
  { hostPort, uid }: HostResources,
  { account, launcher, now }: { account: Account; launcher: TaskLauncherOptions; now: () => Date },
): Task {
  const id = randomBytes(16).toString('hex');
  const sessionFolder = sessionFolderOf(launcher, environment);
  const { image } = launcher;
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
    proxyHost: launcher.proxyHost,
    hostPort,
    ...(startedBy === undefined ? {} : { startedBy }),
    ...(clientToken === undefined ? {} : { clientToken }),
    ...(uid === undefined ? {} : { uid }),
    ...(sessionFolder === undefined ? {} : { sessionFolder }),
    ...(image === undefined
      ? {}
      : { container: { engine: image.engine, name: containerNameOf(launcher, { hostPort }) } }),
  };
}
