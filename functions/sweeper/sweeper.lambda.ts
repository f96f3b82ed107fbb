import { ECSClient } from '@aws-sdk/client-ecs';
import { awsClient } from '../../core/aws/aws-client.ts';
import { listRunningTasks } from '../../core/aws/browsers/list-running-tasks.ts';
import { stopBrowserTask } from '../../core/aws/browsers/stop-browser-task.ts';
import { createContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import { deleteProfile } from '../../core/aws/contexts/delete-profile.ts';
import { listTombstones, removeTombstone } from '../../core/aws/contexts/sweep-tombstones.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getWarmClaim } from '../../core/aws/pool/get-warm-claim.ts';
import { getWarmContainer } from '../../core/aws/pool/get-warm-container.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { listSessionsInStatus } from '../../core/aws/sessions/list-sessions.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { sweep } from './sweep.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  projectsTable: ['PROJECTS_TABLE', text()],
  warmPoolTable: ['WARM_POOL_TABLE', text()],
  cluster: ['CLUSTER', text()],
  contextsTable: ['CONTEXTS_TABLE', text()],
  contextsBucket: ['CONTEXTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const projects = { client, tableName: config.projectsTable };
const pool = { client, tableName: config.warmPoolTable };
const store = { sessions, projects, clock: systemClock };
const cluster = { client: new ECSClient(awsClient()), cluster: config.cluster };
const contexts = { client, tableName: config.contextsTable };
const bucket = createContextsBucket(config.contextsBucket, config.awsEndpoint !== undefined, awsClient());

// The rest has its turn a minute later.
const MAX_TOMBSTONES = 100;

export const handler = sweep({
  logger: createProcessLogger('sweeper', process.env),
  now: systemNow,
  listSessionsInStatus: (status) => listSessionsInStatus(sessions, status),
  getSession: (sessionId) => getSession(sessions, sessionId),
  listRunningTasks: () => listRunningTasks(cluster),
  getWarmContainer: (warmId) => getWarmContainer(pool, warmId),
  getWarmClaim: (warmId) => getWarmClaim(pool, warmId),
  markTerminating: (sessionId, endReason) =>
    stepSession(sessions, sessionId, { to: 'TERMINATING', set: { endReason }, at: systemNow() }),
  end: (sessionId, reason, detail) => endSession(store, sessionId, { reason, detail, endedAt: systemNow() }),
  stopTask: (taskArn, reason) => stopBrowserTask(cluster, taskArn, reason),
  listTombstones: (before) => listTombstones(contexts, before, MAX_TOMBSTONES),
  deleteProfile: (key) => deleteProfile(bucket, key),
  removeTombstone: (tombstone) => removeTombstone(contexts, tombstone),
});
