import validate from 'contract:createSession';
import { randomInt, randomUUID } from 'node:crypto';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { presignArtifactGet } from '../../core/aws/artifacts/presign-artifact.ts';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createStartingClient, runBrowserTask } from '../../core/aws/browsers/run-browser-task.ts';
import { stopBrowserTask } from '../../core/aws/browsers/stop-browser-task.ts';
import { createContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import { getContext } from '../../core/aws/contexts/get-context.ts';
import { presignDownload } from '../../core/aws/contexts/presign-profile.ts';
import { createDocumentClient, type Table } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getItem, type OwnedItems } from '../../core/aws/owned-items/owned-items.ts';
import {
  getBreaker,
  putBreaker,
  putTurn,
  putWaiter,
  readCapacity,
  removeWaiter,
} from '../../core/aws/pool/capacity-queue.ts';
import { claimItems } from '../../core/aws/pool/claim-warm.ts';
import { recordCreate, recordWarmFailure } from '../../core/aws/pool/demand.ts';
import { listWarmSlots } from '../../core/aws/pool/list-warm-slots.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { admitSession } from '../../core/aws/sessions/admit-session.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { findRetriedCreates } from '../../core/aws/sessions/find-retried-creates.ts';
import { getCreateClaim } from '../../core/aws/sessions/get-create-claim.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { moveSession } from '../../core/aws/sessions/move-session.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { receiveReadySignal } from '../../core/aws/signals/receive-ready-signal.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import {
  boolean,
  integer,
  json,
  list,
  oneOf,
  optional,
  type Parser,
  readConfig,
  text,
  url,
} from '../../core/config/env.ts';
import { extensionKeyOf } from '../../core/domain/artifact-key.ts';
import { CAPACITY_PROVIDERS } from '../../core/domain/capacity-provider.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import type { Extension } from '../../core/domain/extension.ts';
import { type ProxyServer, parseProxyUrl } from '../../core/domain/proxies.ts';
import { CREATE_SESSION_SETTINGS } from '../../core/domain/setting-support.ts';
import { parseTaskSizes } from '../../core/domain/task-size.ts';
import { AWS_CALL, CREATE_LADDER, CREDENTIALS, LONGEST_MS, READY_SIGNAL } from '../../core/domain/timing.ts';
import { api } from '../../core/http/api.ts';
import { watchCaller } from '../../core/http/caller.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { openTracing } from '../../core/tracing/open-tracing.ts';
import { createSession } from './create-session.ts';
import { sendClaim } from './send-claim.ts';
import { DO_NOT_RETRY } from './start-session.ts';
import { waitUntilReady } from './wait-until-ready.ts';
import type { WarmPool } from './warm-pool.ts';

const proxyUrl = (): Parser<ProxyServer> => (raw) => parseProxyUrl(raw ?? '');

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  projectsTable: ['PROJECTS_TABLE', text()],
  contextsTable: ['CONTEXTS_TABLE', text()],
  extensionsTable: ['EXTENSIONS_TABLE', text()],
  certificatesTable: ['CERTIFICATES_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
  cluster: ['CLUSTER', text()],
  taskDefinition: ['TASK_DEFINITION', text()],
  capacityProvider: ['CAPACITY_PROVIDER', oneOf(...CAPACITY_PROVIDERS)],
  taskSizes: ['TASK_SIZES', optional(json(parseTaskSizes), undefined)],
  containerName: ['CONTAINER_NAME', text()],
  subnets: ['SUBNETS', list()],
  securityGroups: ['SECURITY_GROUPS', list()],
  assignPublicIp: ['ASSIGN_PUBLIC_IP', boolean()],
  readyQueueUrls: ['READY_QUEUE_URLS', list()],
  readyWaitMs: ['READY_WAIT_MS', integer({ min: 1000, max: CREATE_LADDER.readyWaitMs })],
  // Set where the gateway does not tell that a caller has left.
  unseenConnectMs: ['UNSEEN_CONNECT_MS', optional(integer({ min: 1000, max: LONGEST_MS }), undefined)],
  recordByDefault: ['RECORD_SESSIONS', optional(boolean(), true)],
  // Whether containers have a list of the hosts of ads.
  hasAdHosts: ['BLOCK_ADS', optional(boolean(), false)],
  managedProxy: ['MANAGED_PROXY', optional(proxyUrl(), undefined)],
  region: ['AWS_REGION', text()],
  // At most so many warm containers; 0: there is no pool, and nothing of it is read.
  warmMax: ['WARM_MAX', optional(integer({ min: 0, max: 999 }), 0)],
  warmPoolTable: ['WARM_POOL_TABLE', text()],
  contextsBucket: ['CONTEXTS_BUCKET', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
  publicConnectOrigin: ['PUBLIC_CONNECT_ORIGIN', optional(url('ws:', 'wss:'), undefined)],
});

const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const projects = { client, tableName: config.projectsTable };
const store = { sessions, projects, clock: systemClock };
const contexts = { client, tableName: config.contextsTable };
const extensions: OwnedItems<Extension> = {
  table: { client, tableName: config.extensionsTable },
  key: 'extensionId',
};
const certificates: OwnedItems<Certificate> = {
  table: { client, tableName: config.certificatesTable },
  key: 'certificateId',
};
const starting = { client: createStartingClient(), cluster: config.cluster };
const bucket = createContextsBucket(config.contextsBucket, config.awsEndpoint !== undefined);
const artifacts = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);
// Creates that wait for room meet in it too, with warm containers or without.
const poolTable = { client, tableName: config.warmPoolTable };
const pool = config.warmMax === 0 ? undefined : poolTable;
// Of its own: what is left of the time is not spent on stopping what the sweeper stops as well.
const stopping = { client: new ECSClient(awsClient()), cluster: config.cluster };
const logger = createProcessLogger('create-session', process.env);

// One environment handles one create at a time, so a queue picked once is shared with few others, often with none.
const shard = randomInt(config.readyQueueUrls.length);
const queue = {
  client: new SQSClient(awsClient(AWS_CALL.answerMs + READY_SIGNAL.longPollMs)),
  queueUrl: config.readyQueueUrls[shard] ?? '',
};

const warmPoolOf = (table: Table): WarmPool => ({
  list: () => listWarmSlots(table),
  move: (sessionId, move) => moveSession(store, table, sessionId, move),
  presignProfile: (profileKey) => presignDownload(bucket, profileKey, CREDENTIALS.profileUrlSeconds),
  presignExtension: (extension) => presignArtifactGet(artifacts, extensionKeyOf(extension)),
  send: (claim) => sendClaim({ fetch, clock: systemClock }, claim),
  recordFailure: (at) => recordWarmFailure(table, at),
  recordCreate: (create) => recordCreate(table, create),
});

const tracing = openTracing('create-session', process.env, logger);

const create = api(
  {
    logger,
    tracing,
    clock: systemClock,
    validate,
    settings: {
      rows: CREATE_SESSION_SETTINGS,
      installation: { ...config, hasManagedProxy: config.managedProxy !== undefined },
    },
    executionMode: executionModeStreamifyResponse,
    tooSlowHeaders: DO_NOT_RETRY.headers,
  },
  createSession({
    logger,
    clock: systemClock,
    newId: randomUUID,
    shard: String(shard),
    publicConnectOrigin: config.publicConnectOrigin,
    readyWaitMs: config.readyWaitMs,
    unseenConnectMs: config.unseenConnectMs,
    recordByDefault: config.recordByDefault,
    managedProxy: config.managedProxy,
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    getProject: (projectId) => getProject(projects, projectId),
    getContext: (contextId) => getContext(contexts, contextId),
    getExtension: (extensionId) => getItem(extensions, extensionId),
    getCertificate: (certificateId) => getItem(certificates, certificateId),
    getSession: (sessionId) => getSession(sessions, sessionId),
    getClaim: (keyHash) => getCreateClaim(sessions, keyHash, systemNow()),
    findRetriedCreates: (projectId, callerHash, since) =>
      findRetriedCreates(sessions, { projectId, callerHash, since }),
    taskSizes: config.taskSizes,
    admit: (session, keyed, container) =>
      admitSession(
        store,
        session,
        keyed,
        pool === undefined || container === undefined
          ? []
          : claimItems(pool, container, { sessionId: session.sessionId, at: systemNow() }),
      ),
    runTask: (startedBy, environment, size) =>
      runBrowserTask(starting, config, { startedBy, environment, size }),
    capacity: {
      getBreaker: () => getBreaker(poolTable),
      read: () => readCapacity(poolTable),
      putBreaker: (breaker, at) => putBreaker(poolTable, breaker, at),
      putWaiter: (waiter, at) => putWaiter(poolTable, waiter, at),
      removeWaiter: (sessionId) => removeWaiter(poolTable, sessionId),
      putTurn: (turn, at) => putTurn(poolTable, turn, at),
    },
    step: (sessionId, step) => stepSession(sessions, sessionId, step),
    waitUntilReady: (wait) =>
      waitUntilReady(
        {
          clock: systemClock,
          receiveSignal: (id, signal) => receiveReadySignal(queue, id, signal),
          onSignalFault: (error) => logger.warn('ready queue failed; reading the session instead', { error }),
        },
        wait,
      ),
    end: (sessionId, reason, detail) =>
      endSession(store, sessionId, { reason, detail, endedAt: systemNow() }),
    stopTask: (taskArn, reason) => stopBrowserTask(stopping, taskArn, reason),
    warmPool: pool === undefined ? undefined : warmPoolOf(pool),
  }),
);

export const handler = watchCaller(create as never, async () => (await tracing).flush());
