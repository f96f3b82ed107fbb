import validate from 'contract:signProfileUrl';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import { getContext } from '../../core/aws/contexts/get-context.ts';
import { presignDownload, presignUpload } from '../../core/aws/contexts/presign-profile.ts';
import { presignSave } from '../../core/aws/contexts/presign-save.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { openTracing } from '../../core/tracing/open-tracing.ts';
import { signProfileUrl } from './sign-profile-url.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  contextsTable: ['CONTEXTS_TABLE', text()],
  contextsBucket: ['CONTEXTS_BUCKET', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const contexts = { client, tableName: config.contextsTable };
const bucket = createContextsBucket(config.contextsBucket, config.awsEndpoint !== undefined);

const logger = createProcessLogger('sign-profile-url', process.env);

export const handler = api(
  { logger, clock: systemClock, validate, tracing: openTracing('sign-profile-url', process.env, logger) },
  signProfileUrl({
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    now: systemNow,
    getSession: (sessionId) => getSession(sessions, sessionId),
    getContext: (contextId) => getContext(contexts, contextId),
    presignDownload: (key) => presignDownload(bucket, key, CREDENTIALS.profileUrlSeconds),
    presignUpload: (key) => presignUpload(bucket, key, CREDENTIALS.profileUrlSeconds),
    presignSave: (save) => presignSave(bucket, save, CREDENTIALS.profileUrlSeconds),
  }),
);
