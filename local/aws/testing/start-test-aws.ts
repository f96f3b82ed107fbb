import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readInfrastructure } from '../../start/infrastructure.ts';
import { type StandInOptions, takeDataFolder } from '../../start/open-stand-ins.ts';
import { OrderedStart } from '../../start/ordered-start.ts';
import { SOURCES, STAND_INS } from '../../start/stand-ins.ts';
import { stopContainers } from '../../start/start-sources.ts';
import { closeAtEnd } from './open-things.ts';
import { silentLogger } from './serve-services.ts';

const FAKE_CONTROLLER = fileURLToPath(new URL('fake-controller.mjs', import.meta.url));
const TASK_GRACE_MS = 6_500;

const AWS = new OrderedStart<Omit<StandInOptions, 'folders' | 'credentials'> & { readonly dataDir: string }>()
  .step('data folder', takeDataFolder)
  .steps(STAND_INS);

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
  const aws = await AWS.run({
    dataDir,
    infrastructure: readInfrastructure(),
    invoke: async (functionName, event) => void invocations.push({ functionName, event }),
    launcher: testLauncher(dataDir),
    dynamodbEndpoint: undefined,
    logger: silentLogger,
    now: () => new Date(),
    ...change,
  });
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
      stopSources = (await SOURCES.run({ ...aws, taskGraceMs })).close;
    },
    /** Resolves when every event and stream record so far has been handled, or given up. */
    async idle(): Promise<void> {
      await aws.dynamodb.idle();
      await aws.events.invoker.idle();
      await aws.dynamodb.idle();
    },
    /** The task-state events so far, by their status. */
    taskEvents: (lastStatus: string) =>
      invocations
        .filter(({ functionName }) => functionName === 'task-processor')
        .map(({ event }) => event)
        .filter(({ detail }) => detail.lastStatus === lastStatus),
    readTaskLog: (taskArn: string): string =>
      readFileSync(join(aws.folders.taskLogs, `${taskArn.split('/').at(-1)}.log`), 'utf8'),
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
    launchType: 'FARGATE' as const,
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
