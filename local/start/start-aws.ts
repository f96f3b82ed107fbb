import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '../../core/log/logger.ts';
import type { Infrastructure } from '../../terraform/reader/infrastructure.ts';
import { createDynamodb } from '../aws/dynamodb/create-dynamodb.ts';
import { createEcs } from '../aws/ecs/create-ecs.ts';
import type { TaskLauncherOptions } from '../aws/ecs/launch-task.ts';
import { createAsyncInvoker, type Invoke } from '../aws/events/async-invoker.ts';
import { createEventBus } from '../aws/events/event-bus.ts';
import { createEventsApi } from '../aws/events/events-api.ts';
import { startSchedules } from '../aws/events/schedules.ts';
import { createAccess } from '../aws/iam/access.ts';
import { createPrincipals } from '../aws/iam/principals.ts';
import { createS3Api } from '../aws/s3/s3-api.ts';
import { createSecretsApi } from '../aws/secrets/secrets-api.ts';
import { createSecretsStore } from '../aws/secrets/secrets-store.ts';
import { createQueue } from '../aws/sns-sqs/queue.ts';
import { createSnsApi } from '../aws/sns-sqs/sns-api.ts';
import { createSqsApi } from '../aws/sns-sqs/sqs-api.ts';
import { startAwsServer } from '../aws/wire/aws-server.ts';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';
import { loadCredentials } from '../data/credentials.ts';
import { openDataFolder } from '../data/data-folder.ts';
import { settleWithin } from '../processes/pause.ts';
import { publishEndpoint } from './open-data.ts';

export interface AwsStandIn {
  /** For AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  /** The owner's, who may do everything. */
  readonly credentials: AwsCredentials;
  /** Those of a function or of the `router`, who may do what their role says. */
  credentialsOf(name: string): AwsCredentials;
  /**
   * Starts what invokes functions by itself: the table streams, the schedules, and the STOPPED events of the tasks that
   * an earlier run left behind. To be called once, when functions can be invoked. Rules on events need no start.
   */
  startEventSources(): void;
  /** Resolves when every event and stream record so far has been handled, or given up. */
  idle(): Promise<void>;
  /**
   * Stops the tasks, gracefully if they do so in time, tells of their end, then stops everything else: about 10 s at the
   * most. Functions, and the API that controllers report to, must work until this resolves.
   */
  close(): Promise<void>;
}

export interface AwsOptions {
  readonly dataDir: string;
  /** 0 picks one. */
  readonly port: number;
  readonly infrastructure: Infrastructure;
  /** One synchronous invocation: the function's answer, or a rejection when it has failed. */
  readonly invoke: Invoke;
  readonly task: TaskLauncherOptions;
  /** Without an endpoint, DynamoDB is a child process on `dataDir`. */
  readonly dynamodb: { readonly endpoint?: string };
  readonly logger: Logger;
  readonly now?: () => Date;
  /** How long close() lets tasks end by themselves. */
  readonly taskGraceMs?: number;
}

const TASK_GRACE_MS = 6_500;
const LAST_EVENTS_MS = 1_000;
const LAST_BATCH_MS = 500;

/** Everything of AWS that the functions use, on this machine: one endpoint, and the sources that invoke functions. */
export async function startAws(options: AwsOptions): Promise<AwsStandIn> {
  const { infrastructure, logger, invoke, now = () => new Date() } = options;
  const { region, accountId, taskDefinition } = infrastructure;
  const arn = (service: string, resource = '') => `arn:aws:${service}:${region}:${accountId}${resource}`;
  // Undone in reverse: by close(), or here when a later step fails.
  const undo: (() => Promise<void> | void)[] = [];
  const undoAll = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        // The other steps have processes to end.
        logger.error('A step of stopping failed', { error });
      }
    }
  };

  try {
    const folders = openDataFolder(options.dataDir);
    undo.push(folders.release);
    const credentials = loadCredentials(folders.state);
    const principals = createPrincipals(
      { ...infrastructure.functions, router: infrastructure.routerRole },
      { owner: credentials, accountId },
    );
    const access = createAccess(principals, { region, accountId, taskRoles: taskDefinition.roles });
    const dynamodb = await createDynamodb({
      tables: infrastructure.tables,
      endpoint: options.dynamodb.endpoint,
      region,
      credentials,
      folders,
      invoke,
      logger,
      now,
    });
    undo.push(dynamodb.close);

    const invoker = createAsyncInvoker({ invoke, logger });
    const busOf = (name: string) => {
      const rules = infrastructure.rules.filter(({ bus }) => bus === name);
      return createEventBus({ rules, region, accountId, invoker, now });
    };
    const queues = new Map(infrastructure.queues.map((spec) => [spec.name, createQueue(spec)]));
    const ecs = await createEcs({
      context: {
        region,
        accountId,
        cluster: infrastructure.cluster,
        family: taskDefinition.family,
        container: taskDefinition.container,
        proxyPort: taskDefinition.proxyPort,
        proxyHost: options.task.proxyHost,
      },
      launcher: {
        ...options.task,
        extraEnvironment: { ...taskDefinition.environment, ...options.task.extraEnvironment },
      },
      stopTimeoutMs: taskDefinition.stopTimeoutSeconds * 1000,
      folders,
      // Where AWS's own events go.
      bus: busOf('default'),
      logger,
      now,
    });
    const { eventBus } = infrastructure;
    const { arn: topicArn, subscriptions } = infrastructure.readyTopic;
    const secrets = createSecretsStore(join(folders.state, 'secrets.json'));
    const server = await startAwsServer({
      port: options.port,
      region,
      credentials,
      access,
      logger,
      now,
      services: {
        dynamodb: dynamodb.api,
        ecs: ecs.api,
        events: createEventsApi({
          bus: busOf(eventBus),
          busName: eventBus,
          busArn: arn('events', `:event-bus/${eventBus}`),
        }),
        s3: createS3Api({
          buckets: [infrastructure.contextsBucket],
          folder: folders.objects,
          now,
        }),
        secretsmanager: createSecretsApi({ store: secrets, arnPrefix: arn('secretsmanager'), now }),
        sns: createSnsApi({ topicArn, subscriptions, queues }),
        sqs: createSqsApi(queues),
      },
    });
    undo.push(() => logger.info('Rights that nobody used', { rights: access.unusedRights() }));
    undo.push(server.close);
    publishEndpoint(folders.state, server.endpoint);
    undo.push(() => queues.forEach((queue) => void queue.close()));
    undo.push(() => settleWithin(dynamodb.stopSources(), LAST_BATCH_MS));
    undo.push(async () => {
      await ecs.stopAll('The machine is stopping', options.taskGraceMs ?? TASK_GRACE_MS);
      invoker.close();
      await settleWithin(invoker.idle(), LAST_EVENTS_MS);
    });

    return {
      endpoint: server.endpoint,
      credentials,
      credentialsOf(name) {
        const principal = principals.get(name);
        if (principal === undefined) throw new Error(`There is no role of ${name}`);
        return principal.credentials;
      },
      startEventSources() {
        dynamodb.startSources();
        const schedules = startSchedules({
          schedules: infrastructure.schedules,
          region,
          accountId,
          invoker,
          newId: randomUUID,
          now,
        });
        undo.push(schedules.close);
        ecs.announceOrphans();
      },
      async idle() {
        await dynamodb.idle();
        await invoker.idle();
        await dynamodb.idle();
      },
      close: undoAll,
    };
  } catch (error) {
    await undoAll();
    throw error;
  }
}
