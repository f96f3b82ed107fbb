import validate from 'contract:listDownloads';
import { listDownloads as find } from '../../core/aws/downloads/list-downloads.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listDownloads } from './list-downloads.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  downloadsTable: ['DOWNLOADS_TABLE', text()],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const downloads = { client, tableName: config.downloadsTable };

export const handler = api(
  { logger: createProcessLogger('list-downloads', process.env), clock: systemClock, validate },
  listDownloads({
    getSession: (sessionId) => getSession(sessions, sessionId),
    listDownloads: (sessionId) => find(downloads, sessionId),
  }),
);
