import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTasksCommand, ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { closeOpenThings } from '../../../local/aws/testing/open-things.ts';
import { runTaskInput, startTestAws } from '../../../local/aws/testing/start-test-aws.ts';
import { publishEndpoint } from '../../../local/data/published-endpoint.ts';
import { openLocalInstallation } from '../local-installation.ts';
import { testInstallation } from './local-installation.ts';

/** An installation whose machine runs: its containers hold no browser, and obey ECS. */
export async function openRunningInstallation() {
  const dataDir = mkdtempSync(join(tmpdir(), 'admin-running-'));
  const aws = await startTestAws(dataDir);
  publishEndpoint(aws.folders.state, aws.endpoint);
  const installation = await openLocalInstallation(dataDir);
  const ecs = new ECSClient(aws.client);
  return {
    ...testInstallation(installation),
    aws,
    /** A container for a session, as a create starts it. */
    async runTask(sessionId: string): Promise<string> {
      const { tasks = [] } = await ecs.send(new RunTaskCommand(runTaskInput(sessionId)));
      return tasks[0]?.taskArn ?? '';
    },
    async taskOf(taskArn: string) {
      const cluster = aws.infrastructure.clusters.browsers.name;
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }));
      return tasks[0];
    },
    close: async () => {
      ecs.destroy();
      await installation.close();
      await closeOpenThings();
      for (const folder of [dataDir, `${dataDir}-sessions`]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type RunningInstallation = Awaited<ReturnType<typeof openRunningInstallation>>;
