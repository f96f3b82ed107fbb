import { createDocumentClient } from '../../core/aws/document-client.ts';
import { endSession } from '../../core/aws/session-ending.ts';
import { recordAddress } from '../../core/aws/session-readiness.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { createLogger } from '../../core/log/logger.ts';
import { processTaskEvent } from './process-task-event.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  projectsTable: ['PROJECTS_TABLE', text()],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const projects = { client, tableName: config.projectsTable };

export const handler = processTaskEvent({
  logger: createLogger({ service: 'task-processor' }),
  recordAddress: (sessionId, facts) => recordAddress(sessions, sessionId, facts, new Date()),
  end: (sessionId, detail) =>
    endSession(sessions, projects, sessionId, { reason: 'container_lost', detail, endedAt: new Date() }),
});
