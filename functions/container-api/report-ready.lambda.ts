import validate from 'contract:reportReady';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { recordContainerReady } from '../../core/aws/sessions/record-readiness.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { openTracing } from '../../core/tracing/open-tracing.ts';
import { reportReady } from './report-ready.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };

const logger = createProcessLogger('report-ready', process.env);

export const handler = api(
  { logger, clock: systemClock, validate, tracing: openTracing('report-ready', process.env, logger) },
  reportReady({
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    now: systemNow,
    recordContainerReady: (container) => recordContainerReady(sessions, container, systemNow()),
  }),
);
