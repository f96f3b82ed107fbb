import { ECSClient } from '@aws-sdk/client-ecs';
import { listRunningTasks, stopBrowserTask } from '../../core/aws/browser-tasks.ts';
import { createDocumentClient } from '../../core/aws/document-client.ts';
import { endSession } from '../../core/aws/session-ending.ts';
import { getSession, listSessionsInStatus, stepSession } from '../../core/aws/sessions-table.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { createLogger } from '../../core/log/logger.ts';
import { sweep } from './sweep.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  projectsTable: ['PROJECTS_TABLE', text()],
  cluster: ['CLUSTER', text()],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const projects = { client, tableName: config.projectsTable };
const cluster = { client: new ECSClient({}), cluster: config.cluster };
const now = () => new Date();

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
});
