import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readInfrastructure } from '../../start/infrastructure.ts';
import {
  openStandIns,
  type StandInOptions,
  startSources,
  stopContainers,
  takeDataFolder,
} from '../../start/open-stand-ins.ts';
import { type OnStop, startInOrder } from '../../start/start-in-order.ts';
import { closeAtEnd } from './open-things.ts';
import { silentLogger } from './serve-services.ts';

const FAKE_CONTROLLER = fileURLToPath(new URL('fake-controller.mjs', import.meta.url));
const TASK_GRACE_MS = 6_500;

export interface Invocation {
  readonly functionName: string;
  // biome-ignore lint/suspicious/noExplicitAny: events of every source, looked into by tests
  readonly event: any;
}

/** What a test may want otherwise. */
export type TestAwsChange = Partial<StandInOptions> & { readonly taskGraceMs?: number };

/** How tasks are started in tests: with a fake controller. */
export const testLauncher = (dataDir: string, controller = FAKE_CONTROLLER) => ({
  nodePath: process.execPath,
  bundleOf: () => controller,
  // Below /tmp and open to other users, as the session folder is in real life.
  sessionRoot: `${dataDir}-sessions`,
  chromePath: '/bin/false',
  proxyHost: '127.0.0.1',
});

/** All stand-ins on a data folder, with a fake controller and functions that only note what they were given. */
export async function startTestAws(
  dataDir: string,
  { taskGraceMs = TASK_GRACE_MS, ...change }: TestAwsChange = {},
) {
  const invocations: Invocation[] = [];
  const aws = await startInOrder(async (onStop) => {
    const options = {
      infrastructure: readInfrastructure(),
      invoke: async (functionName: string, event: unknown) => void invocations.push({ functionName, event }),
      launcher: testLauncher(dataDir),
      dynamodbEndpoint: undefined,
      logger: silentLogger,
      now: () => new Date(),
      ...takeDataFolder(dataDir, onStop),
      ...change,
    };
    return { ...options, ...(await openStandIns(options, onStop)) };
  }, silentLogger.error);
  const { region } = aws.infrastructure;
  let stopSources = () => stopContainers({ ...aws, taskGraceMs });
  const close = async (): Promise<void> => {
    await stopSources();
    await aws.close();
  };
  closeAtEnd(close);
  return {
    ...aws,
    invocations,
    client: { endpoint: aws.endpoint, region, credentials: aws.credentials },
    /** To be called once, when functions can be invoked. */
    async startEventSources(): Promise<void> {
      const start = async (onStop: OnStop) => ({ started: startSources({ ...aws, taskGraceMs }, onStop) });
      stopSources = (await startInOrder(start, silentLogger.error)).close;
    },
    /** Resolves when every event and stream record so far has been handled, or given up. */
    async idle(): Promise<void> {
      await aws.dynamodb.idle();
      await aws.invoker.idle();
      await aws.dynamodb.idle();
    },
    /** The task-state events so far, by their status. */
    taskEvents: (lastStatus: string) =>
      invocations
        .filter(({ functionName }) => functionName === 'task-processor')
        .map(({ event }) => event)
        .filter(({ detail }) => detail.lastStatus === lastStatus),
    /** It is named after the task's session. */
    readTaskLog: (sessionId: string): string =>
      readFileSync(join(aws.folders.taskLogs, `${sessionId}.log`), 'utf8'),
    close,
  };
}

export type TestAws = Awaited<ReturnType<typeof startTestAws>>;

/** What the create-session function asks of ECS. */
export function runTaskInput(sessionId: string, environment: Record<string, string> = {}) {
  const { clusters, tasks } = readInfrastructure();
  const variables = Object.entries({ SESSION_ID: sessionId, ...environment });
  return {
    cluster: clusters.browsers.name,
    taskDefinition: tasks.browsers.family,
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE' as const, weight: 1 }],
    count: 1,
    startedBy: sessionId,
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ['subnet-local'], securityGroups: ['sg-local'] },
    },
    overrides: {
      containerOverrides: [
        {
          name: tasks.browsers.container,
          environment: variables.map(([name, value]) => ({ name, value })),
        },
      ],
    },
  };
}
