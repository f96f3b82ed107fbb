/** The steps that open the stand-ins for AWS, each on its part of the data folder. */
import { join } from 'node:path';
import type { Logger } from '../../core/log/logger.ts';
import type { Infrastructure } from '../../terraform/reader/infrastructure.ts';
import { createDynamodb, type Dynamodb } from '../aws/dynamodb/create-dynamodb.ts';
import { createEcs, type Ecs } from '../aws/ecs/create-ecs.ts';
import type { TaskLauncherOptions } from '../aws/ecs/launch-task.ts';
import { type AsyncInvoker, createAsyncInvoker, type Invoke } from '../aws/events/async-invoker.ts';
import { createEventBus, type EventBus } from '../aws/events/event-bus.ts';
import { createEventsApi } from '../aws/events/events-api.ts';
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
import type { Step } from './ordered-start.ts';

/** What every stand-in is told. */
export interface Surroundings {
  readonly infrastructure: Infrastructure;
  readonly folders: DataFolder;
  /** The only credentials that the endpoint takes. */
  readonly credentials: AwsCredentials;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** One synchronous invocation: the function's answer, or a rejection when it has failed. */
interface Invoking {
  readonly invoke: Invoke;
}

/** Services by the names that signatures are scoped to. */
export type Services = Readonly<Record<string, AwsService>>;

const DEFAULT_BUS = 'default';

/** Before all else: whatever is written from here on is written by the only process that may. */
export const takeDataFolder: Step<
  { readonly dataDir: string },
  Pick<Surroundings, 'folders' | 'credentials'>
> = ({ dataDir }, onStop) => {
  onStop(takeDataLock(dataDir).release);
  const folders = openDataFolder(dataDir);
  return { folders, credentials: loadCredentials(folders.state) };
};

/** Without an endpoint of its own, DynamoDB is a child process on the data folder. */
export const openDatabase: Step<
  Surroundings & Invoking & { readonly dynamodbEndpoint: string | undefined },
  { dynamodb: Dynamodb }
> = async (given, onStop) => {
  const { infrastructure, dynamodbEndpoint, folders, credentials, invoke, logger, now } = given;
  const { region, tables } = infrastructure;
  const dynamodb = await createDynamodb({
    tables: Object.values(tables),
    endpoint: dynamodbEndpoint,
    region,
    credentials,
    folders,
    invoke,
    logger,
    now,
  });
  onStop(dynamodb.close);
  return { dynamodb };
};

export const openSecrets: Step<Surroundings, { secrets: AwsService }> = ({
  infrastructure,
  folders,
  now,
}) => {
  const { region, accountId } = infrastructure;
  const store = createSecretsStore(join(folders.state, 'secrets.json'));
  return {
    secrets: createSecretsApi({ store, arnPrefix: `arn:aws:secretsmanager:${region}:${accountId}`, now }),
  };
};

export const openMessaging: Step<Surroundings, { messaging: Services }> = ({ infrastructure }, onStop) => {
  const queues = new Map(infrastructure.queues.map((spec) => [spec.name, new Queue(spec)]));
  onStop(() => queues.forEach((queue) => void queue.close()));
  const topics = Object.values(infrastructure.topics);
  return { messaging: { sns: createSnsApi({ topics, queues }), sqs: createSqsApi(queues) } };
};

export interface Events {
  readonly invoker: AsyncInvoker;
  readonly buses: ReadonlyMap<string, EventBus>;
  /** Where AWS's own events go. */
  readonly defaultBus: EventBus;
}

export const openEvents: Step<Surroundings & Invoking, { events: Events }> = (given) => {
  const { infrastructure, invoke, logger, now } = given;
  const { region, accountId, rules } = infrastructure;
  const invoker = createAsyncInvoker({ invoke, logger });
  const busOf = (name: string): EventBus =>
    createEventBus({ rules: rules.filter(({ bus }) => bus === name), region, accountId, invoker, now });
  const defaultBus = busOf(DEFAULT_BUS);
  const buses = new Map([[DEFAULT_BUS, defaultBus]]);
  for (const { name } of infrastructure.buses) buses.set(name, busOf(name));
  return { events: { invoker, buses, defaultBus } };
};

/** What an earlier run left behind has been ended then. The tasks of this one are stopped by `followContainers`. */
export const openContainers: Step<
  Surroundings & { readonly events: Events; readonly launcher: Omit<TaskLauncherOptions, 'compileCache'> },
  { ecs: Ecs }
> = async ({ infrastructure, folders, events, launcher, logger, now }) => {
  const { region, accountId, clusters, tasks } = infrastructure;
  const ecs = await createEcs({
    account: { region, accountId },
    catalogue: {
      clusters: Object.values(clusters).map(({ name }) => name),
      definitions: Object.values(tasks),
    },
    launcher: { ...launcher, compileCache: folders.compileCache },
    folders,
    bus: events.defaultBus,
    logger,
    now,
  });
  return { ecs };
};

/** One endpoint for all services; 0 picks the port. */
export const serveEndpoint: Step<
  Surroundings & { readonly services: Services },
  { endpoint: string }
> = async ({ infrastructure, credentials, services, logger, now }, onStop) => {
  const { region } = infrastructure;
  const server = await startAwsServer({ port: 0, region, credentials, services, logger, now });
  onStop(server.close);
  return { endpoint: server.endpoint };
};

export const collectServices: Step<
  Surroundings & {
    readonly dynamodb: Dynamodb;
    readonly secrets: AwsService;
    readonly messaging: Services;
    readonly events: Events;
    readonly ecs: Ecs;
  },
  { services: Services }
> = ({ infrastructure, folders, dynamodb, secrets, messaging, events, ecs, now }) => {
  const buckets = Object.values(infrastructure.buckets).map(({ name }) => name);
  return {
    services: {
      dynamodb: dynamodb.api,
      ecs: ecs.api,
      events: createEventsApi(events.buses),
      s3: createS3Api({ buckets, folder: folders.objects, now }),
      secretsmanager: secrets,
      ...messaging,
    },
  };
};
