import validate from 'contract:signReplayUrl';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { integer, readConfig, text, url } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { signReplayUrl } from './sign-replay-url.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
  keptDays: ['ARTIFACT_DAYS', integer({ min: 1, max: 3_650 })],
  publicUrl: ['PUBLIC_URL', url('http:', 'https:')],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };

export const handler = api(
  { logger: createProcessLogger('sign-replay-url', process.env), clock: systemClock, validate },
  signReplayUrl({
    getSession: (sessionId) => getSession(sessions, sessionId),
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    keptDays: config.keptDays,
    publicUrl: config.publicUrl,
    now: systemNow,
  }),
);
