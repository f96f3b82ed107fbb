import { join } from 'node:path';
import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import * as assert from 'uvu/assert';
import { identityOf } from '../../processes/process-table.ts';
import { awaitCondition } from './await-condition.ts';
import { withFolder } from './serve-services.ts';
import { runTaskInput, startTestAws, type TestAws, type TestAwsChange } from './start-test-aws.ts';

export interface EcsMachine {
  aws: TestAws;
  client: ECSClient;
  folder: string;
  sessionRoot: string;
}

/** A test that runs on a machine of its own. */
export const withMachine =
  (use: (machine: EcsMachine) => Promise<void>, change: TestAwsChange = {}) =>
  () =>
    withFolder(async (folder) => {
      const dataDir = join(folder, 'data');
      const aws = await startTestAws(dataDir, change);
      const client = new ECSClient({ ...aws.client, maxAttempts: 1 });
      try {
        await use({ aws, client, folder, sessionRoot: `${dataDir}-sessions` });
      } finally {
        client.destroy();
        await aws.close();
      }
    });

export async function runTask(client: ECSClient, sessionId: string, environment = {}): Promise<string> {
  const { tasks } = await client.send(new RunTaskCommand(runTaskInput(sessionId, environment)));
  assert.ok(tasks?.[0]?.taskArn);
  return tasks[0].taskArn;
}

/** Asks the fake controller behind a RUNNING event, once it listens. */
export async function askController(aws: TestAws, sessionId: string) {
  const event = await awaitCondition(
    () => aws.taskEvents('RUNNING').find(({ detail }) => detail.startedBy === sessionId),
    'RUNNING',
  );
  const [{ bindIP, hostPort }] = event.detail.containers[0].networkBindings;
  const url = `http://${bindIP}:${hostPort}`;
  const answer = await awaitCondition(() => fetch(url).catch(() => false as const), 'the controller listens');
  const { environment, browserPid, pid } = (await answer.json()) as {
    environment: Record<string, string>;
    browserPid: number;
    pid: number;
  };
  const processes = [pid, browserPid].flatMap((each) => identityOf(each) ?? []);
  assert.is(processes.length, 2);
  return { url, environment, processes };
}

export const awaitStopped = (aws: TestAws, sessionId: string) =>
  awaitCondition(
    () => aws.taskEvents('STOPPED').find(({ detail }) => detail.startedBy === sessionId),
    'STOPPED',
  );
