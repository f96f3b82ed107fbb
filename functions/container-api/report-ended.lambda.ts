import validate from 'contract:reportEnded';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { recordSavedProfile } from '../../core/aws/contexts/record-saved-profile.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { openTracing } from '../../core/tracing/open-tracing.ts';
import { reportEnded } from './report-ended.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  projectsTable: ['PROJECTS_TABLE', text()],
  contextsTable: ['CONTEXTS_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const projects = { client, tableName: config.projectsTable };
const store = { sessions, projects, clock: systemClock };
const contexts = { client, tableName: config.contextsTable };

const logger = createProcessLogger('report-ended', process.env);

export const handler = api(
  { logger, clock: systemClock, validate, tracing: openTracing('report-ended', process.env, logger) },
  reportEnded({
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    now: systemNow,
    end: (container, reason, detail, proxyBytes) =>
      endSession(
        store,
        container.sessionId,
        { reason, detail, proxyBytes, isReported: true, endedAt: systemNow() },
        container,
      ),
    recordSavedProfile: (contextId, sessionId, sizeBytes) =>
      recordSavedProfile(contexts, contextId, { sizeBytes, sessionId, at: systemNow() }),
  }),
);
