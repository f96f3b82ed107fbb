import validate from 'contract:reportDownload';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { storeDownload } from '../../core/aws/downloads/store-download.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { integer, readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { reportDownload } from './report-download.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  downloadsTable: ['DOWNLOADS_TABLE', text()],
  artifactDays: ['ARTIFACT_DAYS', integer({ min: 1, max: 3_650 })],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const downloads = { client, tableName: config.downloadsTable };

export const handler = api(
  { logger: createProcessLogger('report-download', process.env), clock: systemClock, validate },
  reportDownload({
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    now: systemNow,
    getSession: (sessionId) => getSession(sessions, sessionId),
    keptDays: config.artifactDays,
    storeDownload: (download) => storeDownload(downloads, download),
  }),
);
