import validate from 'contract:reportEvents';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { appendEvents } from '../../core/aws/events/append-events.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { reportEvents } from './report-events.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  eventsTable: ['SESSION_EVENTS_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const events = { client, tableName: config.eventsTable };

export const handler = api(
  { logger: createProcessLogger('report-events', process.env), clock: systemClock, validate },
  reportEvents({
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    getSession: (sessionId) => getSession(sessions, sessionId),
    appendEvents: (owner, told) => appendEvents(events, owner, told),
    now: systemNow,
  }),
);
