import { ECSClient } from '@aws-sdk/client-ecs';
import { listRunningTasks, stopBrowserTask } from '../../core/aws/browsers/browser-tasks.ts';
import { createContextsBucket, deleteObject } from '../../core/aws/contexts/contexts-bucket.ts';
import { listTombstones, removeTombstone } from '../../core/aws/contexts/contexts-table.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { getSession, listSessionsInStatus, stepSession } from '../../core/aws/sessions/sessions-table.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { createLogger } from '../../core/log/logger.ts';
import { sweep } from './sweep.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  projectsTable: ['PROJECTS_TABLE', text()],
  cluster: ['CLUSTER', text()],
  contextsTable: ['CONTEXTS_TABLE', text()],
  contextsBucket: ['CONTEXTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const projects = { client, tableName: config.projectsTable };
const cluster = { client: new ECSClient({}), cluster: config.cluster };
const contexts = { client, tableName: config.contextsTable };
const bucket = createContextsBucket(config.contextsBucket, config.awsEndpoint !== undefined);
const now = () => new Date();

// The rest has its turn a minute later.
const MAX_TOMBSTONES = 100;

export const handler = sweep({
  logger: createLogger({ service: 'sweeper' }),
  now,
  listSessionsInStatus: (status) => listSessionsInStatus(sessions, status),
  getSession: (sessionId) => getSession(sessions, sessionId),
  listRunningTasks: () => listRunningTasks(cluster),
  markTerminating: (sessionId, endReason) =>
    stepSession(sessions, sessionId, { to: 'TERMINATING', set: { endReason } }),
  end: (sessionId, reason, detail) =>
    endSession(sessions, projects, sessionId, { reason, detail, endedAt: now() }),
  stopTask: (taskArn, reason) => stopBrowserTask(cluster, taskArn, reason),
  listTombstones: (before) => listTombstones(contexts, before, MAX_TOMBSTONES),
  deleteProfile: (key) => deleteObject(bucket, key),
  removeTombstone: (tombstone) => removeTombstone(contexts, tombstone),
});
