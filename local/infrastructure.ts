/**
 * What stands around the bundles, declared once: tables, indexes, streams, queues, filter policies, rules, functions
 * and their environment. `local/` builds the machine from it; Terraform is to take this place over and local/ will
 * then read it from there.
 *
 * Routes are not here: they are read from functions/openapi.json.
 */
export interface TableSpec {
  readonly name: string;
  readonly hashKey: string;
  readonly indexes: readonly { readonly name: string; readonly hashKey: string; readonly rangeKey: string }[];
  /** NEW_AND_OLD_IMAGES to this function. */
  readonly streamTo?: string;
  readonly ttlAttribute?: string;
}

export interface QueueSpec {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
}

export interface SubscriptionSpec {
  readonly queue: string;
  /** SNS filter policy on message attributes, raw delivery on. */
  readonly filterPolicy: Readonly<Record<string, readonly string[]>>;
}

export interface FunctionSpec {
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface RuleSpec {
  readonly name: string;
  readonly pattern: { readonly source: readonly string[]; readonly 'detail-type': readonly string[] };
  readonly target: string;
}

const REGION = 'us-west-2';
const ACCOUNT_ID = '000000000000';
const PREFIX = 'wallcrawler-local';
const READY_SHARDS = 16;

const table = (name: string) => `${PREFIX}-${name}`;
const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
const readyQueue = (shard: number) => `${PREFIX}-ready-${shard}`;
const shards = Array.from({ length: READY_SHARDS }, (_, shard) => shard);

const TABLES: readonly TableSpec[] = [
  {
    name: table('sessions'),
    hashKey: 'sessionId',
    indexes: [
      { name: 'projectId-createdAt', hashKey: 'projectId', rangeKey: 'createdAt' },
      { name: 'status-expiresAt', hashKey: 'status', rangeKey: 'expiresAt' },
    ],
    streamTo: 'stream-processor',
    ttlAttribute: 'purgeAt',
  },
  { name: table('projects'), hashKey: 'projectId', indexes: [] },
  { name: table('api-keys'), hashKey: 'apiKeyHash', indexes: [] },
  {
    name: table('contexts'),
    hashKey: 'contextId',
    indexes: [{ name: 'projectId-createdAt', hashKey: 'projectId', rangeKey: 'createdAt' }],
  },
  { name: table('public-keys'), hashKey: 'keySet', indexes: [] },
];

/** Everything but the addresses, which are known only when the machine runs. */
export const infrastructure = {
  region: REGION,
  accountId: ACCOUNT_ID,
  tables: TABLES,
  contextsBucket: `${PREFIX}-contexts-${ACCOUNT_ID}`,
  readyTopic: {
    arn: arn('sns', `${PREFIX}-session-ready`),
    subscriptions: shards.map(
      (shard): SubscriptionSpec => ({ queue: readyQueue(shard), filterPolicy: { shard: [String(shard)] } }),
    ),
  },
  // A signal is of use for as long as one create waits; 60 s is the shortest retention that SQS allows.
  queues: shards.map(
    (shard): QueueSpec => ({ name: readyQueue(shard), visibilityTimeoutSeconds: 5, retentionSeconds: 60 }),
  ),
  tokenKeysSecret: `${PREFIX}-token-keys`,
  publicKeysTable: table('public-keys'),
  routerEnvironment: { SESSIONS_TABLE: table('sessions'), PUBLIC_KEYS_TABLE: table('public-keys') },
  eventBus: 'default',
  cluster: PREFIX,
  taskDefinition: {
    family: `${PREFIX}-browser`,
    container: 'controller',
    proxyPort: 9223,
    stopTimeoutSeconds: 120,
  },
  rules: [
    {
      name: `${PREFIX}-task-state`,
      pattern: { source: ['aws.ecs'], 'detail-type': ['ECS Task State Change'] },
      target: 'task-processor',
    },
  ] as readonly RuleSpec[],
  schedules: [{ name: `${PREFIX}-sweep`, everySeconds: 60, target: 'sweeper' }],
} as const;

/** The Lambdas by name, with all the environment they read. `awsEndpoint` is the stand-in's URL. */
export function functionSpecs(awsEndpoint: string): Readonly<Record<string, FunctionSpec>> {
  const sessions = { SESSIONS_TABLE: table('sessions') };
  const projects = { PROJECTS_TABLE: table('projects') };
  const contexts = { CONTEXTS_TABLE: table('contexts') };
  const bucket = { CONTEXTS_BUCKET: infrastructure.contextsBucket };
  const tokenKeys = { TOKEN_KEYS_SECRET: infrastructure.tokenKeysSecret };
  const cluster = { CLUSTER: infrastructure.cluster };
  const readyQueues = shards.map((shard) => `${awsEndpoint}/${ACCOUNT_ID}/${readyQueue(shard)}`).join(',');
  const short = (environment: Record<string, string>): FunctionSpec => ({ timeoutSeconds: 10, environment });
  const long = (environment: Record<string, string>): FunctionSpec => ({ timeoutSeconds: 57, environment });
  return {
    authorizer: short({ API_KEYS_TABLE: table('api-keys') }),
    'create-session': long({
      ...sessions,
      ...projects,
      ...contexts,
      ...tokenKeys,
      ...cluster,
      TASK_DEFINITION: infrastructure.taskDefinition.family,
      CONTAINER_NAME: infrastructure.taskDefinition.container,
      SUBNETS: 'subnet-local',
      SECURITY_GROUPS: 'sg-local',
      ASSIGN_PUBLIC_IP: 'false',
      READY_QUEUE_URLS: readyQueues,
      READY_WAIT_MS: '50000',
    }),
    'list-sessions': short(sessions),
    'retrieve-session': short({ ...sessions, ...tokenKeys }),
    'update-session': short({ ...sessions, ...cluster }),
    'debug-session': short({ ...sessions, ...tokenKeys }),
    'create-context': short({ ...contexts, ...bucket }),
    'retrieve-context': short(contexts),
    'update-context': short({ ...contexts, ...bucket }),
    'delete-context': short({ ...contexts, ...bucket }),
    'list-projects': short(projects),
    'retrieve-project': short(projects),
    'retrieve-project-usage': short(projects),
    'serve-contract': short({}),
    'report-ready': short({ ...sessions, ...tokenKeys }),
    'report-heartbeat': short({ ...sessions, ...tokenKeys }),
    'report-ended': short({ ...sessions, ...projects, ...contexts, ...tokenKeys }),
    'sign-profile-url': short({ ...sessions, ...contexts, ...bucket, ...tokenKeys }),
    'stream-processor': short({
      READY_TOPIC_ARN: infrastructure.readyTopic.arn,
      EVENT_BUS: infrastructure.eventBus,
    }),
    'task-processor': short({ ...sessions, ...projects }),
    sweeper: long({ ...sessions, ...projects, ...cluster }),
  };
}
