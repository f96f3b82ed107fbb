import type { ECSClient } from '@aws-sdk/client-ecs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answers, createFakeClient } from '../testing/fake-client.ts';
import { listRunningTasks } from './list-running-tasks.ts';
import { stopBrowserTask } from './stop-browser-task.ts';

const createdAt = new Date('2026-06-01T00:00:00.000Z');

function clusterThat(answers: Answers) {
  const { client, sent } = createFakeClient<ECSClient>(answers);
  return { client, cluster: 'browsers', sent };
}

const tasks = suite('browser tasks');

tasks('are listed page by page, each with what it was started for', async () => {
  const cluster = clusterThat([
    { taskArns: ['arn:1', 'arn:2'], nextToken: 'more' },
    {
      tasks: [
        { taskArn: 'arn:1', startedBy: 's1', createdAt },
        { taskArn: 'arn:2', startedBy: 's2', createdAt },
      ],
    },
    { taskArns: [] },
  ]);
  assert.equal(await listRunningTasks(cluster), [
    { taskArn: 'arn:1', startedBy: 's1', createdAt },
    { taskArn: 'arn:2', startedBy: 's2', createdAt },
  ]);
  const [first, described, second] = cluster.sent;
  assert.equal([first?.input.cluster, first?.input.desiredStatus], ['browsers', 'RUNNING']);
  assert.equal(described?.input.tasks, ['arn:1', 'arn:2']);
  assert.is(second?.input.nextToken, 'more');
  assert.is(cluster.sent.length, 3, 'nothing is described where nothing runs');
});

tasks('say what they take of the quota, in a size of their own too', async () => {
  const task = { startedBy: 's', createdAt, cpu: '1024' };
  const cluster = clusterThat([
    { taskArns: ['arn:1', 'arn:2', 'arn:3'] },
    {
      tasks: [
        { ...task, taskArn: 'arn:1' },
        { ...task, taskArn: 'arn:2', overrides: { cpu: '4096' } },
        { ...task, taskArn: 'arn:3', cpu: undefined },
      ],
    },
  ]);
  assert.equal(
    (await listRunningTasks(cluster)).map(({ cpuUnits }) => cpuUnits),
    [1024, 4096, undefined],
  );
});

tasks('that were started for nobody are left out', async () => {
  const cluster = clusterThat([{ taskArns: ['arn:1'] }, { tasks: [{ taskArn: 'arn:1', createdAt }] }]);
  assert.equal(await listRunningTasks(cluster), []);
});

tasks('are stopped by their ARN, with the reason for whoever looks later', async () => {
  const cluster = clusterThat([{}]);
  await stopBrowserTask(cluster, 'arn:1', 'released');
  assert.equal(cluster.sent, [
    { name: 'StopTaskCommand', input: { cluster: 'browsers', task: 'arn:1', reason: 'released' } },
  ]);
});

tasks.run();
