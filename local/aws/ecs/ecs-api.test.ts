import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListTasksCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isRunning } from '../../processes/process-table.ts';
import { readInfrastructure } from '../../start/infrastructure.ts';
import { awaitCondition } from '../testing/await-condition.ts';
import { askController, awaitStopped, runTask, withMachine } from '../testing/ecs-machine.ts';
import { rejectionOf, withFolder } from '../testing/serve-services.ts';
import { runTaskInput, startTestAws, testLauncher } from '../testing/start-test-aws.ts';

const ecs = suite('ECS');
const cluster = readInfrastructure().clusters.browsers.name;

ecs(
  'describes and lists its tasks, and stops one gracefully',
  withMachine(async ({ aws, client, folder }) => {
    const arn = await runTask(client, 's-1');
    const other = await runTask(client, 's-2');
    const { processes } = await askController(aws, 's-1');
    const list = async (more: object) =>
      (await client.send(new ListTasksCommand({ cluster, ...more }))).taskArns;
    assert.equal(await list({}), [arn, other].sort());
    const page = await client.send(new ListTasksCommand({ cluster, maxResults: 1 }));
    assert.equal(
      [...(page.taskArns ?? []), ...((await list({ nextToken: page.nextToken })) ?? [])],
      [arn, other].sort(),
    );

    await client.send(new StopTaskCommand({ cluster, task: arn, reason: 'released' }));
    const event = await awaitStopped(aws, 's-1');
    assert.is(event.detail.stoppedReason, 'released');
    assert.is(event.detail.stopCode, 'UserInitiated');
    assert.is(event.detail.containers[0].exitCode, 0);
    assert.not(processes.some(isRunning));
    const described = await client.send(new DescribeTasksCommand({ cluster, tasks: [arn, `${arn}x`] }));
    assert.is(described.tasks?.[0]?.lastStatus, 'STOPPED');
    assert.ok(described.tasks?.[0]?.stoppedAt instanceof Date);
    assert.is(described.tasks?.length, 1);
    assert.equal(await list({ desiredStatus: 'STOPPED' }), [arn]);
    await awaitCondition(() => readdirSync(join(folder, 'data/tasks')).length === 1, 'its record is gone');
  }),
);

ecs(
  'starts one task for one client token, also when asked at the same time',
  withMachine(async ({ client }) => {
    const input = { ...runTaskInput('s-1'), clientToken: 'session-s-1' };
    const answers = await Promise.all([1, 2, 3].map(() => client.send(new RunTaskCommand(input))));
    const arns = new Set(answers.map(({ tasks }) => tasks?.[0]?.taskArn));
    assert.is(arns.size, 1);
    assert.is((await client.send(new ListTasksCommand({ cluster }))).taskArns?.length, 1);
  }),
);

ecs('answers with a failure when a task cannot be started, and lets it be tried again', () =>
  withFolder(async (folder) => {
    const launcher = { ...testLauncher(join(folder, 'data')), nodePath: '/no/such/node' };
    const aws = await startTestAws(join(folder, 'data'), { launcher });
    const client = new ECSClient(aws.client);
    const input = { ...runTaskInput('s-1'), clientToken: 'once' };
    for (let time = 0; time < 2; time++) {
      const { tasks, failures } = await client.send(new RunTaskCommand(input));
      assert.equal(tasks, []);
      assert.is(failures?.[0]?.reason, 'TaskFailedToStart');
    }
    client.destroy();
    await aws.close();
  }),
);

ecs(
  'refuses what Fargate refuses, and what it would ignore',
  withMachine(async ({ client }) => {
    const good = runTaskInput('s-1');
    const faults: [object, RegExp][] = [
      [{ ...good, networkConfiguration: undefined }, /networkConfiguration/],
      [{ ...good, count: 2 }, /count/],
      [{ ...good, capacityProviderStrategy: undefined }, /capacityProviderStrategy/],
      [{ ...good, capacityProviderStrategy: [{ capacityProvider: 'EC2', weight: 1 }] }, /FARGATE/],
      [{ ...good, cluster: 'other' }, /Cluster not found/],
      [{ ...good, taskDefinition: 'other' }, /TaskDefinition not found/],
      [{ ...good, enableExecuteCommand: true }, /enableExecuteCommand/],
      [runTaskInput('s-1', { LARGE: 'x'.repeat(8192) }), /8192/],
      [{ ...good, overrides: { containerOverrides: [{ name: 'other' }] } }, /not a container/],
    ];
    for (const [input, message] of faults) {
      const refused = client.send(new RunTaskCommand(input as RunTaskCommandInput));
      assert.match((await rejectionOf(refused)).message, message);
    }
    const missing = client.send(new StopTaskCommand({ cluster, task: 'none' }));
    assert.is((await rejectionOf(missing)).name, 'InvalidParameterException');
    assert.match((await rejectionOf(client.send(new ListClustersCommand({})))).message, /ListClusters/);
  }),
);

ecs.run();
