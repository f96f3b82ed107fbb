import validate from 'contract:reportHeartbeat';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { reportHeartbeat } from './report-heartbeat.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };

export const handler = api(
  { logger: createProcessLogger('report-heartbeat', process.env), clock: systemClock, validate },
  reportHeartbeat({
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    stepSession: (sessionId, step) => stepSession(sessions, sessionId, step),
    now: systemNow,
  }),
);
