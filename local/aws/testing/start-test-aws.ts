import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readInfrastructure } from '../../start/infrastructure.ts';
import { type AwsOptions, startAws } from '../../start/start-aws.ts';
import { closeAtEnd } from './open-things.ts';
import { silentLogger } from './serve-services.ts';

const infrastructure = readInfrastructure();
const FAKE_CONTROLLER = fileURLToPath(new URL('fake-controller.mjs', import.meta.url));

export interface Invocation {
  readonly functionName: string;
  // biome-ignore lint/suspicious/noExplicitAny: events of every source, looked into by tests
  readonly event: any;
}

/** The whole stand-in on a data folder, with a fake controller and functions that only note what they were given. */
export async function startTestAws(dataDir: string, change: Partial<AwsOptions> = {}) {
  const invocations: Invocation[] = [];
  const logLines: string[] = [];
  const aws = await startAws({
    dataDir,
    port: 0,
    infrastructure,
    invoke: async (functionName, event) => void invocations.push({ functionName, event }),
    task: {
      nodePath: process.execPath,
      controllerBundle: FAKE_CONTROLLER,
      // Below /tmp and open to other users, as the session folder is in real life.
      sessionRoot: join(`${dataDir}-sessions`),
      chromePath: '/bin/false',
      proxyHost: '127.0.0.1',
      extraEnvironment: { EXTRA: 'yes' },
      onLog: (line) => logLines.push(line),
    },
    dynamodb: {},
    logger: silentLogger,
    ...change,
  });
  closeAtEnd(aws.close);
  const client = { endpoint: aws.endpoint, region: infrastructure.region, credentials: aws.credentials };
  /** The task-state events so far, by their status. */
  const taskEvents = (lastStatus: string) =>
    invocations
      .filter(
        ({ functionName, event }) =>
          functionName === 'task-processor' && event.detail.lastStatus === lastStatus,
      )
      .map(({ event }) => event);
  return { ...aws, client, invocations, logLines, taskEvents };
}

export type TestAws = Awaited<ReturnType<typeof startTestAws>>;

/** What the create-session function asks of ECS. */
export const runTaskInput = (sessionId: string, environment: Record<string, string> = {}) => ({
  cluster: infrastructure.cluster,
  taskDefinition: infrastructure.taskDefinition.family,
  launchType: 'FARGATE' as const,
  count: 1,
  startedBy: sessionId,
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-local'], securityGroups: ['sg-local'] } },
  overrides: {
    containerOverrides: [
      {
        name: infrastructure.taskDefinition.container,
        environment: Object.entries({ SESSION_ID: sessionId, ...environment }).map(([name, value]) => ({
          name,
          value,
        })),
      },
    ],
  },
});
