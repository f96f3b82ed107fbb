import { randomUUID } from 'node:crypto';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { listRunningTasks } from '../../core/aws/browsers/list-running-tasks.ts';
import { runBrowserTask } from '../../core/aws/browsers/run-browser-task.ts';
import { stopBrowserTask } from '../../core/aws/browsers/stop-browser-task.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { listDemand, recordWarmFailure, recordWarmStarts } from '../../core/aws/pool/demand.ts';
import { fillSlot } from '../../core/aws/pool/fill-slot.ts';
import { freeSlot } from '../../core/aws/pool/free-slot.ts';
import { listWarmSlots } from '../../core/aws/pool/list-warm-slots.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { boolean, integer, json, list, oneOf, readConfig, text, url } from '../../core/config/env.ts';
import { CAPACITY_PROVIDERS } from '../../core/domain/capacity-provider.ts';
import { parseWarmSizes } from '../../core/domain/warm-sizes.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { keepPool } from './keep-pool.ts';

const config = readConfig(process.env, {
  warmPoolTable: ['WARM_POOL_TABLE', text()],
  warmSizes: ['WARM_SIZES', json(parseWarmSizes)],
  vcpuQuota: ['VCPU_QUOTA', integer({ min: 0, max: 1_000_000 })],
  warmCpuUnits: ['WARM_CPU_UNITS', integer({ min: 1, max: 1_000_000 })],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
  containerApiUrl: ['CONTAINER_API_URL', url('http:', 'https:')],
  cluster: ['CLUSTER', text()],
  taskDefinition: ['TASK_DEFINITION', text()],
  capacityProvider: ['CAPACITY_PROVIDER', oneOf(...CAPACITY_PROVIDERS)],
  containerName: ['CONTAINER_NAME', text()],
  subnets: ['SUBNETS', list()],
  securityGroups: ['SECURITY_GROUPS', list()],
  assignPublicIp: ['ASSIGN_PUBLIC_IP', boolean()],
});
const pool = { client: createDocumentClient(), tableName: config.warmPoolTable };
// Throttled, it gives up soon: creates have the first claim on the account's RunTask.
const cluster = { client: new ECSClient(awsClient()), cluster: config.cluster };

export const handler = keepPool({
  logger: createProcessLogger('keep-pool', process.env),
  now: systemNow,
  newId: randomUUID,
  sizes: config.warmSizes,
  vcpuQuota: config.vcpuQuota,
  warmCpuUnits: config.warmCpuUnits,
  revision: config.taskDefinition,
  apiUrl: config.containerApiUrl,
  loadTokenKeys: createTokenKeyLoader(
    new SecretsManagerClient(awsClient()),
    config.tokenKeysSecret,
    systemClock,
  ),
  listSlots: () => listWarmSlots(pool),
  listRunningTasks: () => listRunningTasks(cluster),
  listDemand: (since) => listDemand(pool, since),
  fillSlot: (container) => fillSlot(pool, container),
  freeSlot: (container, statuses) => freeSlot(pool, container, statuses),
  runTask: (startedBy, environment) => runBrowserTask(cluster, config, { startedBy, environment }),
  stopTask: (taskArn, reason) => stopBrowserTask(cluster, taskArn, reason),
  recordStarts: (starts) => recordWarmStarts(pool, starts, systemNow()),
  recordFailure: () => recordWarmFailure(pool, systemNow()),
});
