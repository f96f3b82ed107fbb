import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ECSClient, StopTaskCommand } from '@aws-sdk/client-ecs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isRunning } from '../../processes/process-table.ts';
import { readInfrastructure } from '../../start/infrastructure.ts';
import { awaitCondition } from '../testing/await-condition.ts';
import { askController, awaitStopped, runTask, withMachine } from '../testing/ecs-machine.ts';
import { withFolder } from '../testing/serve-services.ts';
import { startTestAws } from '../testing/start-test-aws.ts';

const ecs = suite('tasks');
const cluster = readInfrastructure().clusters.browsers.name;

ecs(
  'starts a controller with the environment of its task alone, and tells that it runs',
  withMachine(async ({ aws, client, sessionRoot }) => {
    const arn = await runTask(client, 's-1', { CONTROLLER_TOKEN: 'secret-of-the-session' });
    const { environment, url } = await askController(aws, 's-1');
    assert.is(environment.SESSION_ID, 's-1');
    assert.is(environment.MALLOC_MMAP_THRESHOLD_, '32768', 'that of its task definition too');
    assert.is(environment.SESSION_ROOT, sessionRoot);
    assert.is(environment.PROXY_PORT, new URL(url).port);
    assert.equal(
      Object.keys(environment).filter((name) => name.startsWith('AWS_') || name === 'HOME'),
      [],
    );
    const [event] = aws.taskEvents('RUNNING');
    assert.is(event.source, 'aws.ecs');
    assert.is(event['detail-type'], 'ECS Task State Change');
    assert.equal(event.resources, [arn]);
    assert.is(event.detail.taskArn, arn);
    assert.is(event.detail.containers[0].networkBindings[0].containerPort, 9223);
    assert.match(arn, /^arn:aws:ecs:us-west-2:000000000000:task\/wallcrawler-local\/[0-9a-f]{32}$/);
    assert.not.match(JSON.stringify(event), /secret-of-the-session/);
    await awaitCondition(() => aws.readTaskLog('s-1') === 'fake controller of s-1\n', 'its log is kept');
  }),
);

for (const [way, exitCode] of [
  ['crash', 137],
  ['exit', 7],
] as const) {
  ecs(
    `tells of a controller that ends by itself (${way}), and ends its browser`,
    withMachine(async ({ aws, client, sessionRoot }) => {
      await runTask(client, 's-1');
      const { url, processes } = await askController(aws, 's-1');
      await fetch(`${url}/${way}`).catch(() => undefined);
      const event = await awaitStopped(aws, 's-1');
      assert.is(event.detail.containers[0].exitCode, exitCode);
      assert.is(event.detail.stopCode, 'EssentialContainerExited');
      assert.not(processes.some(isRunning));
      assert.not(existsSync(join(sessionRoot, 's-1')));
    }),
  );
}

{
  let failures = 2;
  const delivered: string[] = [];
  const invoke = async (_name: string, event: unknown) => {
    const { lastStatus } = (event as { detail: { lastStatus: string } }).detail;
    if (lastStatus === 'STOPPED' && failures-- > 0) throw new Error('down');
    delivered.push(lastStatus);
  };
  ecs(
    'tells of an end again when nobody could be told at first',
    withMachine(
      async ({ client, folder }) => {
        const arn = await runTask(client, 's-1');
        await client.send(new StopTaskCommand({ cluster, task: arn }));
        await awaitCondition(() => delivered.includes('STOPPED'), 'STOPPED is delivered');
        await awaitCondition(
          () => readdirSync(join(folder, 'data/tasks')).length === 0,
          'its record is gone',
        );
      },
      { invoke },
    ),
  );
}

ecs('ends stubborn tasks by force when it closes, and still tells of it', () =>
  withFolder(async (folder) => {
    const aws = await startTestAws(join(folder, 'data'), { taskGraceMs: 300 });
    const client = new ECSClient(aws.client);
    await runTask(client, 'polite');
    await runTask(client, 'rude', { FAKE_MODE: 'stubborn' });
    const processes = [
      ...(await askController(aws, 'polite')).processes,
      ...(await askController(aws, 'rude')).processes,
    ];
    await aws.close();
    client.destroy();
    assert.not(processes.some(isRunning));
    const ends = aws
      .taskEvents('STOPPED')
      .map(({ detail }) => [detail.startedBy, detail.containers[0].exitCode]);
    assert.equal(ends.sort(), [
      ['polite', 0],
      ['rude', 137],
    ]);
    assert.equal(readdirSync(join(folder, 'data-sessions')), []);
    assert.equal(readdirSync(join(folder, 'data/tasks')), []);
  }),
);

ecs(
  'keeps no token on disk',
  withMachine(async ({ client, folder }) => {
    await runTask(client, 's-1', { CONTROLLER_TOKEN: 'secret-of-the-session' });
    const tasks = join(folder, 'data/tasks');
    for (const name of readdirSync(tasks))
      assert.not.match(readFileSync(join(tasks, name), 'utf8'), /secret-of/);
  }),
);

ecs.run();
