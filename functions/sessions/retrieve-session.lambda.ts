import validate from 'contract:retrieveSession';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text, url } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createLogger } from '../../core/log/logger.ts';
import { retrieveSession } from './retrieve-session.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
  publicConnectOrigin: ['PUBLIC_CONNECT_ORIGIN', optional(url('ws:', 'wss:'), undefined)],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };

export const handler = api(
  { logger: createLogger({ service: 'retrieve-session' }), clock: systemClock, validate },
  retrieveSession({
    getSession: (sessionId) => getSession(sessions, sessionId),
    loadTokenKeys: createTokenKeyLoader(new SecretsManagerClient({}), config.tokenKeysSecret, systemClock),
    publicConnectOrigin: config.publicConnectOrigin,
  }),
);
