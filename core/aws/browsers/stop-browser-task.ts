import { StopTaskCommand } from '@aws-sdk/client-ecs';
import type { BrowserCluster } from './browser-cluster.ts';

/** Asks a task to end: it gets SIGTERM, and SIGKILL after its stop time-out. Stopping one that has stopped is no error. */
export async function stopBrowserTask(
  { client, cluster }: BrowserCluster,
  taskArn: string,
  reason: string,
): Promise<void> {
  await client.send(new StopTaskCommand({ cluster, task: taskArn, reason }));
}
