import validate from 'contract:listSessions';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { listProjectSessions } from '../../core/aws/sessions/list-sessions.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listSessions } from './list-sessions.ts';

const config = readConfig(process.env, { sessionsTable: ['SESSIONS_TABLE', text()] });
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };

export const handler = api(
  { logger: createProcessLogger('list-sessions', process.env), clock: systemClock, validate },
  listSessions({
    listProjectSessions: (projectId, filter) => listProjectSessions(sessions, projectId, filter),
    now: systemNow,
  }),
);
