import type { Logger } from '../../../core/log/logger.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createEcsApi } from './ecs-api.ts';
import type { TaskLauncherOptions } from './launch-task.ts';
import { endOrphans } from './recover-orphans.ts';
import { describeTask, type Task, type TaskContext } from './task.ts';
import { createTaskPlaces } from './task-places.ts';
import { createTaskRecords } from './task-records.ts';
import { createTaskSupervisor } from './task-supervisor.ts';

export interface Ecs {
  readonly api: AwsService;
  /** Tells of the tasks that an earlier run left behind, once there is someone to listen. */
  announceOrphans(): void;
  stopAll(reason: string, graceMs: number): Promise<void>;
}

/** ECS on this machine. What an earlier run left behind has been ended when this resolves. */
export async function createEcs(options: {
  readonly context: TaskContext;
  readonly launcher: TaskLauncherOptions;
  readonly stopTimeoutMs: number;
  readonly folders: { readonly tasks: string; readonly taskLogs: string; readonly compileCache: string };
  readonly bus: EventBus;
  readonly logger: Logger;
  readonly now: () => Date;
}): Promise<Ecs> {
  const { context, launcher, folders, logger, now } = options;
  const records = createTaskRecords(folders.tasks);
  const announce = (task: Task): Promise<boolean> =>
    options.bus.emit({
      source: 'aws.ecs',
      detailType: 'ECS Task State Change',
      resources: [task.arn],
      detail: {
        ...describeTask(task, context, (ms) => new Date(ms).toISOString()),
        updatedAt: now().toISOString(),
      },
    });
  const orphans = await endOrphans({ records, logger, now });
  // Only root may give processes to other users.
  const ownUsers = process.platform === 'linux' && process.getuid?.() === 0;
  const places = createTaskPlaces({ proxyHost: launcher.proxyHost, ownUsers });
  const { stopTimeoutMs } = options;
  const supervisor = createTaskSupervisor({
    launcher,
    context,
    places,
    records,
    folders,
    stopTimeoutMs,
    announce,
    logger,
    now,
  });
  const announceOrphan = async (task: Task): Promise<void> => {
    if (await announce(task)) records.forget(task.id);
  };
  return {
    api: createEcsApi({ context, supervisor }),
    announceOrphans: () => orphans.forEach((task) => void announceOrphan(task)),
    stopAll: supervisor.stopAll,
  };
}
