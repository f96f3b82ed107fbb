import validate from 'contract:retrieveRecording';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { retrieveRecording } from './retrieve-recording.ts';

const config = readConfig(process.env, { sessionsTable: ['SESSIONS_TABLE', text()] });
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };

export const handler = api(
  { logger: createProcessLogger('retrieve-recording', process.env), clock: systemClock, validate },
  retrieveRecording({ getSession: (sessionId) => getSession(sessions, sessionId) }),
);
