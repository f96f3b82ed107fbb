import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TaskSize } from '../../domain/task-size.ts';
import { createStartingClient, runBrowserTask, TaskNotPlacedError } from './run-browser-task.ts';

interface Fixture {
  server: Server;
  client: ECSClient;
  /** How many calls are refused before one is taken. */
  refusals: number;
  refusal: { status: number; body: object };
  clientTokens: string[];
  /** What the last call asked for. */
  asked: { capacityProviderStrategy: unknown; launchType?: string; overrides: Record<string, unknown> };
  random: () => number;
}

const THROTTLED = { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } };
// As ECS says it of Fargate and of Spot alike, and of an account's quotas.
const NO_ROOM = [
  'Capacity is unavailable at this time. Please try again later or in a different availability zone',
  'You’ve reached the limit on the number of vCPUs you can run concurrently',
  "You've reached the limit on the number of tasks you can run concurrently",
];
const STARTED = { status: 200, body: { tasks: [{ taskArn: 'arn:task' }], failures: [] } };
const definition = {
  taskDefinition: 'browser:1',
  capacityProvider: 'FARGATE_SPOT',
  containerName: 'controller',
  subnets: ['subnet-1'],
  securityGroups: ['sg-1'],
  assignPublicIp: false,
} as const;
const run = ({ client }: Fixture, size?: TaskSize) =>
  runBrowserTask({ client, cluster: 'c' }, definition, { startedBy: 'session-1', environment: {}, size });

const starting = suite<Fixture>('runBrowserTask');

starting.before.each(async (fixture) => {
  fixture.clientTokens = [];
  fixture.refusal = THROTTLED;
  fixture.server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    fixture.asked = JSON.parse(text);
    fixture.clientTokens.push(JSON.parse(text).clientToken);
    const { status, body } = fixture.clientTokens.length > fixture.refusals ? STARTED : fixture.refusal;
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => fixture.server.listen(0, '127.0.0.1', resolve));
  fixture.client = createStartingClient({
    region: 'us-west-2',
    endpoint: `http://127.0.0.1:${(fixture.server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  });
  // The SDK waits a random part of ever longer times. None of it is waited for here.
  fixture.random = Math.random;
  Math.random = () => 0;
});

starting.after.each(async (fixture) => {
  Math.random = fixture.random;
  fixture.client.destroy();
  fixture.server.closeAllConnections();
  await new Promise((resolve) => fixture.server.close(resolve));
});

starting('has its turn after five refusals, and every call is for the same one browser', async (fixture) => {
  fixture.refusals = 5;
  assert.is(await run(fixture), 'arn:task');
  assert.equal(fixture.clientTokens, Array(6).fill('session-1'));
});

starting('gives up after six, while there is time left to say so', async (fixture) => {
  fixture.refusals = 100;
  const failure = await run(fixture).catch((error: Error) => error);
  assert.is((failure as Error).name, 'ThrottlingException');
  assert.is(fixture.clientTokens.length, 6);
});

starting('runs on what the installation has, and as the task definition says', async (fixture) => {
  fixture.refusals = 0;
  await run(fixture);
  const { capacityProviderStrategy, launchType, overrides } = fixture.asked;
  // ECS takes one of the two.
  assert.equal(
    [capacityProviderStrategy, launchType],
    [[{ capacityProvider: 'FARGATE_SPOT', weight: 1 }], undefined],
  );
  assert.equal([overrides.cpu, overrides.memory], [undefined, undefined]);
});

starting('runs in another size, of the whole task: the container is not narrowed', async (fixture) => {
  fixture.refusals = 0;
  await run(fixture, { cpu: 2048, memory: 4096 });
  const { cpu, memory, containerOverrides } = fixture.asked.overrides;
  assert.equal([cpu, memory], ['2048', '4096']);
  assert.equal(containerOverrides, [{ name: 'controller', environment: [] }]);
});

for (const message of NO_ROOM) {
  starting(`has found no room when ECS says "${message.slice(0, 50)}..."`, async (fixture) => {
    fixture.refusals = Number.POSITIVE_INFINITY;
    fixture.refusal = { status: 400, body: { __type: 'ClientException', message } };
    const failure = await run(fixture).catch((error: Error) => error);
    assert.instance(failure, TaskNotPlacedError);
    assert.is((failure as Error).message, message);
    assert.is(fixture.clientTokens.length, 1);
  });
}

starting('says of any other fault what ECS says', async (fixture) => {
  fixture.refusals = Number.POSITIVE_INFINITY;
  fixture.refusal = {
    status: 400,
    body: { __type: 'ClientException', message: 'TaskDefinition not found.' },
  };
  const failure = await run(fixture).catch((error: Error) => error);
  assert.is((failure as Error).name, 'ClientException');
});

starting.run();
