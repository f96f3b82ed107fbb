import { DescribeTasksCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import type { BrowserCluster } from './browser-cluster.ts';

export interface RunningTask {
  readonly taskArn: string;
  /** What it was started for: a session's id, or a warm id. */
  readonly startedBy: string;
  readonly createdAt: Date;
  /** What it takes of the account's quota: 1,024 are a vCPU. Undefined where it is not said. */
  readonly cpuUnits?: number;
}

// The limit of one DescribeTasks.
const MAX_DESCRIBED = 100;

/** Every task of the cluster that has not been asked to stop. */
export async function listRunningTasks({ client, cluster }: BrowserCluster): Promise<RunningTask[]> {
  const running: RunningTask[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new ListTasksCommand({ cluster, desiredStatus: 'RUNNING', maxResults: MAX_DESCRIBED, nextToken }),
    );
    const taskArns = page.taskArns ?? [];
    if (taskArns.length > 0) {
      const { tasks } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      for (const task of tasks ?? []) running.push(...runningTaskOf(task));
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return running;
}

function runningTaskOf({ taskArn, startedBy, createdAt, cpu, overrides }: Task): RunningTask[] {
  if (!taskArn || !startedBy || !createdAt) return [];
  const cpuUnits = Number(overrides?.cpu ?? cpu);
  return [{ taskArn, startedBy, createdAt, ...(cpuUnits > 0 ? { cpuUnits } : {}) }];
}
