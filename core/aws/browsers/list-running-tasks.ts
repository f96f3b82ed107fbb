import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import type { BrowserCluster } from './browser-cluster.ts';

export interface RunningTask {
  readonly taskArn: string;
  /** What it was started for: a session's id, or a warm id. */
  readonly startedBy: string;
  readonly createdAt: Date;
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
      for (const { taskArn, startedBy, createdAt } of tasks ?? []) {
        if (taskArn && startedBy && createdAt) running.push({ taskArn, startedBy, createdAt });
      }
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return running;
}
