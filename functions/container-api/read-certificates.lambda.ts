import validate from 'contract:readCertificates';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getItem, type OwnedItems } from '../../core/aws/owned-items/owned-items.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import { api } from '../../core/http/api.ts';
import { createLogger } from '../../core/log/logger.ts';
import { readCertificates } from './read-certificates.ts';

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

export const handler = api(
  { logger: createLogger({ service: 'read-certificates' }), clock: systemClock, validate },
  readCertificates({
    loadTokenKeys: createTokenKeyLoader(new SecretsManagerClient({}), config.tokenKeysSecret, systemClock),
    now: systemNow,
    getSession: (sessionId) => getSession(sessions, sessionId),
    getCertificate: (certificateId) => getItem(certificates, certificateId),
  }),
);
