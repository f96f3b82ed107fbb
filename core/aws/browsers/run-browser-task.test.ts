import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createStartingClient, runBrowserTask } from './run-browser-task.ts';

interface Fixture {
  server: Server;
  client: ECSClient;
  /** How many calls are refused before one is taken. */
  refusals: number;
  clientTokens: string[];
  random: () => number;
}

const THROTTLED = { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } };
const STARTED = { status: 200, body: { tasks: [{ taskArn: 'arn:task' }], failures: [] } };
const definition = {
  taskDefinition: 'browser:1',
  containerName: 'controller',
  subnets: ['subnet-1'],
  securityGroups: ['sg-1'],
  assignPublicIp: false,
};
const run = ({ client }: Fixture) =>
  runBrowserTask({ client, cluster: 'c' }, definition, { startedBy: 'session-1', environment: {} });

const starting = suite<Fixture>('runBrowserTask');

starting.before.each(async (fixture) => {
  fixture.clientTokens = [];
  fixture.server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    fixture.clientTokens.push(JSON.parse(text).clientToken);
    const { status, body } = fixture.clientTokens.length > fixture.refusals ? STARTED : THROTTLED;
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

starting.run();
