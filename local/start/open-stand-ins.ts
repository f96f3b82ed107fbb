/** The steps that open the stand-ins for AWS, each on its part of the data folder. */
import { join } from 'node:path';
import type { Logger } from '../../core/log/logger.ts';
import type { Infrastructure } from '../../terraform/reader/infrastructure.ts';
import { createDynamodb, type Dynamodb } from '../aws/dynamodb/create-dynamodb.ts';
import { createEcs, type Ecs } from '../aws/ecs/create-ecs.ts';
import type { TaskLauncherOptions } from '../aws/ecs/launch-task.ts';
import { createAsyncInvoker, type Invoke } from '../aws/events/async-invoker.ts';
import { createEventBuses } from '../aws/events/event-bus.ts';
import { createEventsApi } from '../aws/events/events-api.ts';
import { type Access, createAccess } from '../aws/iam/access.ts';
import { createPrincipals } from '../aws/iam/principals.ts';
import { createS3Api } from '../aws/s3/s3-api.ts';
import { createSecretsApi } from '../aws/secrets/secrets-api.ts';
import { createSecretsStore } from '../aws/secrets/secrets-store.ts';
import { Queue } from '../aws/sns-sqs/queue.ts';
import { createSnsApi } from '../aws/sns-sqs/sns-api.ts';
import { createSqsApi } from '../aws/sns-sqs/sqs-api.ts';
import { type AwsService, startAwsServer } from '../aws/wire/aws-server.ts';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';
import { loadCredentials } from '../data/credentials.ts';
import { type DataFolder, openDataFolder } from '../data/data-folder.ts';
import { takeDataLock } from '../data/data-lock.ts';
import type { OnStop } from './ordered-start.ts';

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
}

/** Before all else: whatever is written from here on is written by the only process that may. */
export function takeDataFolder({ dataDir }: { readonly dataDir: string }, onStop: OnStop) {
  onStop(takeDataLock(dataDir).release);
  const folders = openDataFolder(dataDir);
  return { folders, credentials: loadCredentials(folders.state) };
}

export async function openDatabase(given: Omit<StandInOptions, 'launcher'>, onStop: OnStop) {
  const { region, tables } = given.infrastructure;
  const endpoint = given.dynamodbEndpoint;
  const dynamodb = await createDynamodb({ ...given, tables: Object.values(tables), endpoint, region });
  onStop(dynamodb.close);
  return { dynamodb };
}

export function openSecrets({ infrastructure: { region, accountId }, folders, now }: Surroundings) {
  const store = createSecretsStore(join(folders.state, 'secrets.json'));
  return {
    secrets: createSecretsApi({ store, arnPrefix: `arn:aws:secretsmanager:${region}:${accountId}`, now }),
  };
}

export function openEvents({ infrastructure, ...given }: Omit<StandInOptions, 'launcher'>) {
  const invoker = createAsyncInvoker(given);
  return { events: { invoker, ...createEventBuses({ ...infrastructure, invoker, now: given.now }) } };
}

export type Events = ReturnType<typeof openEvents>['events'];

/** What an earlier run left behind has been ended then. The tasks of this one are stopped by `followContainers`. */
export async function openContainers({
  infrastructure,
  events,
  ...given
}: StandInOptions & { events: Events }) {
  const { clusters, tasks } = infrastructure;
  const ecs = await createEcs({
    ...given,
    account: infrastructure,
    catalogue: {
      clusters: Object.values(clusters).map(({ name }) => name),
      definitions: Object.values(tasks),
    },
    launcher: { ...given.launcher, compileCache: given.folders.compileCache },
    bus: events.defaultBus,
  });
  return { ecs };
}

interface Opened {
  readonly dynamodb: Dynamodb;
  readonly secrets: AwsService;
  readonly events: Events;
  readonly ecs: Ecs;
}

/** The services, by the names that signatures are scoped to. */
export function openServices(given: Surroundings & Opened, onStop: OnStop) {
  const { infrastructure, folders, now } = given;
  const buckets = Object.values(infrastructure.buckets).map(({ name }) => name);
  const queues = new Map(infrastructure.queues.map((spec) => [spec.name, new Queue(spec)]));
  onStop(() => queues.forEach((queue) => void queue.close()));
  const services: Readonly<Record<string, AwsService>> = {
    dynamodb: given.dynamodb.api,
    ecs: given.ecs.api,
    events: createEventsApi(given.events.buses),
    s3: createS3Api({ buckets, folder: folders.objects, now }),
    secretsmanager: given.secrets,
    sns: createSnsApi({ topics: Object.values(infrastructure.topics), queues }),
    sqs: createSqsApi(queues),
  };
  return { services };
}

/** Who may call what: each function and the router by a key of its own, as their roles say. */
export function openRights({ infrastructure, credentials, logger }: Surroundings, onStop: OnStop) {
  const { accountId, region, functions, router, tasks } = infrastructure;
  const taskRoles = Object.values(tasks).flatMap(({ roles }) => roles);
  const principals = createPrincipals({ ...functions, router }, { owner: credentials, accountId });
  const access = createAccess(principals, { region, accountId, taskRoles });
  onStop(() => logger.info('Rights that nobody used', { rights: access.unusedRights() }));
  const credentialsOf = (name: string): AwsCredentials => {
    const principal = principals.get(name);
    if (principal === undefined) throw new Error(`There is no role of ${name}`);
    return principal.credentials;
  };
  return { access, credentialsOf };
}

/** One endpoint for all services. Without `access` it takes the owner's key only. */
export async function serveEndpoint(
  given: Surroundings & {
    readonly services: Readonly<Record<string, AwsService>>;
    readonly access?: Access;
  },
  onStop: OnStop,
) {
  const server = await startAwsServer({ ...given, port: 0, region: given.infrastructure.region });
  onStop(server.close);
  return { endpoint: server.endpoint };
}
