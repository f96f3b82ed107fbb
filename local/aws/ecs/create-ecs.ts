import type { Logger } from '../../../core/log/logger.ts';
import type { Account, EventBus } from '../events/event-bus.ts';
import { createEcsApi, type EcsCatalogue } from './ecs-api.ts';
import { createHostResourcePool, HAS_OWN_USERS } from './host-resources.ts';
import type { TaskLauncherOptions } from './launch-task.ts';
import { describeTask, type Task } from './task.ts';
import { createTaskRecords, endOrphans } from './task-records.ts';
import { TaskSupervisor } from './task-supervisor.ts';

export type Ecs = Awaited<ReturnType<typeof createEcs>>;

export interface EcsOptions {
  readonly account: Account;
  readonly catalogue: EcsCatalogue;
  readonly launcher: TaskLauncherOptions;
  readonly folders: { readonly tasks: string; readonly taskLogs: string };
  /** Where the states of tasks are told. */
  readonly bus: EventBus;
  readonly logger: Logger;
  /** Gets each line that a task prints. */
  readonly onTaskLine?: ((line: string) => void) | undefined;
  readonly now: () => Date;
}

/** ECS on this machine. What an earlier run left behind has been ended when this resolves. */
export async function createEcs(options: EcsOptions) {
  const { account, catalogue, launcher, folders, bus } = options;
  const records = createTaskRecords(folders.tasks);
  const announce = (task: Task): Promise<boolean> =>
    bus.emit({
      source: 'aws.ecs',
      detailType: 'ECS Task State Change',
      resources: [task.arn],
      detail: describeTask(task, account, (ms) => new Date(ms).toISOString()),
    });
  const orphans = await endOrphans(records, options);
  const resources = createHostResourcePool({ proxyHost: launcher.proxyHost, ownUsers: HAS_OWN_USERS });
  const supervisor = new TaskSupervisor({ ...options, resources, records, announce });
  const announceOrphan = async (task: Task): Promise<void> => {
    if (await announce(task)) records.forget(task.id);
  };
  return {
    api: createEcsApi({ account, catalogue, supervisor }),
    /** Tells of the tasks that an earlier run left behind, once there is someone to listen. */
    announceOrphans: () => orphans.forEach((task) => void announceOrphan(task)),
    stopAll: (reason: string, graceMs: number) => supervisor.stopAll(reason, graceMs),
  };
}
