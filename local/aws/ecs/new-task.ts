import { randomBytes } from 'node:crypto';
import { containerNameOf, sessionFolderOf, type TaskLauncherOptions } from './launch-task.ts';
import type { RunTaskInput } from './run-task-input.ts';
import { type Task, type TaskContext, taskArn } from './task.ts';
import type { TaskPlace } from './task-places.ts';

/** A task that has a place and no process yet. Its environment is left out: that holds the session's token. */
export function newTask(
  { environment, clientToken: _token, ...described }: RunTaskInput,
  { hostPort, uid }: TaskPlace,
  options: {
    readonly context: TaskContext;
    readonly launcher: TaskLauncherOptions;
    readonly now: () => Date;
  },
): Task {
  const id = randomBytes(16).toString('hex');
  const { launcher } = options;
  const sessionFolder = sessionFolderOf(launcher, environment);
  return {
    ...described,
    id,
    arn: taskArn(options.context, id),
    createdAtMs: options.now().getTime(),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    hostPort,
    ...(uid === undefined ? {} : { uid }),
    ...(sessionFolder === undefined ? {} : { sessionFolder }),
    ...(launcher.image === undefined
      ? {}
      : { container: { engine: launcher.image.engine, name: containerNameOf(launcher, { hostPort }) } }),
  };
}
