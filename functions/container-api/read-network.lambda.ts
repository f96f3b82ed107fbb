import validate from 'contract:readNetwork';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getItem, type OwnedItems } from '../../core/aws/owned-items/owned-items.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { openTracing } from '../../core/tracing/open-tracing.ts';
import { readNetwork } from './read-network.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  certificatesTable: ['CERTIFICATES_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const certificates: OwnedItems<Certificate> = {
  table: { client, tableName: config.certificatesTable },
  key: 'certificateId',
};

const logger = createProcessLogger('read-network', process.env);

export const handler = api(
  { logger, clock: systemClock, validate, tracing: openTracing('read-network', process.env, logger) },
  readNetwork({
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    now: systemNow,
    getSession: (sessionId) => getSession(sessions, sessionId),
    getCertificate: (certificateId) => getItem(certificates, certificateId),
  }),
);
