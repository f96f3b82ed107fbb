import validate from 'contract:signCdpUrl';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text, url } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { signCdpUrl } from './sign-cdp-url.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
  publicConnectOrigin: ['PUBLIC_CONNECT_ORIGIN', optional(url('ws:', 'wss:'), undefined)],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };

export const handler = api(
  { logger: createProcessLogger('sign-cdp-url', process.env), clock: systemClock, validate },
  signCdpUrl({
    getSession: (sessionId) => getSession(sessions, sessionId),
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    publicConnectOrigin: config.publicConnectOrigin,
    now: systemNow,
  }),
);
