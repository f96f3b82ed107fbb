/** The stand-ins for AWS, each on its part of the data folder, in their order: first what answers, then what invokes. */
import { join } from 'node:path';
import type { Logger } from '../../core/log/logger.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { Infrastructure } from '../../terraform/reader/infrastructure.ts';
import { createDynamodb, type Dynamodb } from '../aws/dynamodb/create-dynamodb.ts';
import { createEcs, type Ecs } from '../aws/ecs/create-ecs.ts';
import type { TaskLauncherOptions } from '../aws/ecs/launch-task.ts';
import { type AsyncInvoker, createAsyncInvoker, type Invoke } from '../aws/events/async-invoker.ts';
import { type BusEvent, createEventBuses, startSchedules } from '../aws/events/event-bus.ts';
import { createEventsApi } from '../aws/events/events-api.ts';
import { type Access, createAccess } from '../aws/iam/access.ts';
import { createPrincipals } from '../aws/iam/principals.ts';
import { createS3Api } from '../aws/s3/s3-api.ts';
import { createSecretsApi } from '../aws/secrets/secrets-api.ts';
import { Queue } from '../aws/sns-sqs/queue.ts';
import { QueuePump } from '../aws/sns-sqs/queue-pump.ts';
import { createSnsApi } from '../aws/sns-sqs/sns-api.ts';
import { createSqsApi } from '../aws/sns-sqs/sqs-api.ts';
import { type AwsService, startAwsServer } from '../aws/wire/aws-server.ts';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';
import { loadCredentials } from '../data/credentials.ts';
import { type DataFolder, openDataFolder } from '../data/data-folder.ts';
import { takeDataLock } from '../data/data-lock.ts';
import { aboutDynamodb, withSentence } from './start-faults.ts';
import type { OnStop } from './start-in-order.ts';

/** What every stand-in is told. */
export interface Surroundings {
  readonly infrastructure: Infrastructure;
  readonly folders: DataFolder;
  /** The owner's, who may do everything. */
  readonly credentials: AwsCredentials;
  readonly logger: Logger;
  readonly now: () => Date;
}

export interface StandInOptions extends Surroundings {
  /** Without one, DynamoDB is a child process on the data folder. */
  readonly dynamodbEndpoint: string | undefined;
  readonly launcher: Omit<TaskLauncherOptions, 'compileCache'>;
  /** One synchronous invocation: the function's answer, or a rejection when it has failed. */
  readonly invoke: Invoke;
  readonly onEvent?: (event: BusEvent) => void;
  /** Gets each line that a container prints. */
  readonly onTaskLine?: (line: string) => void;
  /** For tests of what happens when AWS itself fails. */
  readonly changeServices?: (services: Services) => Services;
}

type Services = Readonly<Record<string, AwsService>>;

const LAST_EVENTS_MS = 1_000;
const LAST_BATCH_MS = 500;

/** Before all else: whatever is written from here on is written by the only process that may. */
export function takeDataFolder(dataDir: string, onStop: OnStop) {
  onStop('data folder', takeDataLock(dataDir).release);
  const folders = openDataFolder(dataDir);
  return { folders, credentials: loadCredentials(folders.state) };
}

/** All of them behind one endpoint. What an earlier run left behind has been ended then. */
export async function openStandIns(options: StandInOptions, onStop: OnStop) {
  const { infrastructure, folders, now } = options;
  const dynamodb = await openDatabase(options, onStop);
  const invoker = createAsyncInvoker(options);
  const { defaultBus, buses } = createEventBuses({
    ...infrastructure,
    invoker,
    now,
    onEvent: options.onEvent,
  });
  const ecs = await createEcs({
    ...options,
    account: infrastructure,
    catalogue: {
      clusters: Object.values(infrastructure.clusters).map(({ name }) => name),
      definitions: Object.values(infrastructure.tasks),
    },
    launcher: { ...options.launcher, compileCache: folders.compileCache },
    bus: defaultBus,
  });
  const queues = new Map(infrastructure.queues.map((spec) => [spec.name, new Queue(spec)]));
  onStop('queues', () => queues.forEach((queue) => void queue.close()));
  const services = {
    dynamodb: dynamodb.api,
    ecs: ecs.api,
    events: createEventsApi(buses),
    s3: openObjects(options, onStop),
    secretsmanager: openSecrets(options),
    sns: createSnsApi({ topics: Object.values(infrastructure.topics), queues }),
    sqs: createSqsApi(queues),
  };
  const { access, credentialsOf } = openRights(options, onStop);
  const { changeServices = (all) => all } = options;
  const served = { ...options, services: changeServices(services), access };
  const { endpoint, storage } = await serveEndpoint(served, onStop);
  return { dynamodb, invoker, ecs, queues, endpoint, storage, credentialsOf };
}

export function openDatabase(given: Omit<StandInOptions, 'launcher'>, onStop: OnStop): Promise<Dynamodb> {
  const { region, tables } = given.infrastructure;
  const endpoint = given.dynamodbEndpoint;
  const open = () => createDynamodb({ ...given, tables: Object.values(tables), endpoint, region }, onStop);
  return withSentence(open, aboutDynamodb(endpoint));
}

const EXPIRY_SWEEP_MS = 3_600_000;

export function openObjects(
  { infrastructure, folders, logger, now }: Surroundings,
  onStop: OnStop,
): AwsService {
  const { contexts, ...others } = infrastructure.buckets;
  const api = createS3Api({ buckets: [contexts, ...Object.values(others)], folder: folders.objects, now });
  const sweep = () =>
    api.expire().catch((error: unknown) => logger.error('Expired objects cannot be deleted', { error }));
  const timer = setInterval(sweep, EXPIRY_SWEEP_MS);
  onStop('objects', () => clearInterval(timer));
  // A machine that never runs for an hour has old objects too.
  void sweep();
  return api;
}

export function openSecrets({ infrastructure, folders, now }: Surroundings): AwsService {
  const { region, accountId } = infrastructure;
  const file = join(folders.state, 'secrets.json');
  return createSecretsApi({ file, arnPrefix: `arn:aws:secretsmanager:${region}:${accountId}`, now });
}

/** Who may call what: each function and the router by a key of its own, as their roles say. */
function openRights({ infrastructure, credentials, logger }: Surroundings, onStop: OnStop) {
  const { accountId, region, functions, router, tasks } = infrastructure;
  const taskRoles = Object.values(tasks).flatMap(({ roles }) => roles);
  const principals = createPrincipals({ ...functions, router }, { owner: credentials, accountId });
  const access = createAccess(principals, { region, accountId, taskRoles });
  onStop('rights', () => logger.info('Rights that nobody used', { rights: access.unusedRights() }));
  const credentialsOf = (name: string): AwsCredentials => {
    const principal = principals.get(name);
    if (principal === undefined) throw new Error(`There is no role of ${name}`);
    return principal.credentials;
  };
  return { access, credentialsOf };
}

/** One endpoint for all services. Without `access` it takes the owner's key only. */
export async function serveEndpoint(
  given: Surroundings & { readonly services: Readonly<Record<string, AwsService>>; readonly access?: Access },
  onStop: OnStop,
) {
  const server = await startAwsServer({ ...given, port: 0, region: given.infrastructure.region });
  onStop('endpoint', server.close);
  return server;
}

export interface Sources extends Pick<Surroundings, 'infrastructure' | 'now' | 'logger'> {
  readonly dynamodb: Dynamodb;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly invoke: Invoke;
  readonly ecs: Ecs;
  readonly invoker: AsyncInvoker;
  /** How long tasks may take to end by themselves. */
  readonly taskGraceMs: number;
}

/** What invokes functions by itself. To be started once functions can be invoked. */
export function startSources(given: Sources, onStop: OnStop): void {
  const { dynamodb, ecs, invoker, infrastructure, now } = given;
  // Streams end first: what they tell last is queued.
  const pumps = startQueuePumps(given);
  onStop('queues that functions work off', async () => {
    await withTimeout(Promise.all(pumps.map((pump) => pump.close())), LAST_BATCH_MS);
  });
  onStop('streams', async () => void (await withTimeout(dynamodb.stopSources(), LAST_BATCH_MS)));
  dynamodb.startSources();
  onStop('containers', () => stopContainers(given));
  // Tells of the tasks that an earlier run left behind.
  ecs.announceOrphans();
  onStop('schedules', startSchedules({ ...infrastructure, invoker, now }).close);
}

const startQueuePumps = ({ infrastructure, queues, invoke, logger }: Sources): QueuePump[] =>
  infrastructure.queues.flatMap((spec) => {
    const queue = queues.get(spec.name);
    const { handTo } = spec;
    if (queue === undefined || handTo === undefined) return [];
    const { region, accountId } = infrastructure;
    return [
      new QueuePump({ queue, spec, region, accountId, logger, invoke: (event) => invoke(handTo, event) }),
    ];
  });

/**
 * Ends all tasks, and waits for the last events of them. Functions, and the API that controllers report to, must work
 * until this resolves.
 */
export async function stopContainers({
  ecs,
  invoker,
  taskGraceMs,
}: Pick<Sources, 'ecs' | 'invoker' | 'taskGraceMs'>): Promise<void> {
  await ecs.stopAll('The machine is stopping', taskGraceMs);
  invoker.close();
  await withTimeout(invoker.idle(), LAST_EVENTS_MS);
}
