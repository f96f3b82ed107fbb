import validate from 'contract:signExtensionUrl';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { presignArtifactGet } from '../../core/aws/artifacts/presign-artifact.ts';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getItem, type OwnedItems } from '../../core/aws/owned-items/owned-items.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { extensionKeyOf } from '../../core/domain/artifact-key.ts';
import type { Extension } from '../../core/domain/extension.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { openTracing } from '../../core/tracing/open-tracing.ts';
import { signExtensionUrl } from './sign-extension-url.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  extensionsTable: ['EXTENSIONS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const extensions: OwnedItems<Extension> = {
  table: { client, tableName: config.extensionsTable },
  key: 'extensionId',
};
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);

const logger = createProcessLogger('sign-extension-url', process.env);

export const handler = api(
  { logger, clock: systemClock, validate, tracing: openTracing('sign-extension-url', process.env, logger) },
  signExtensionUrl({
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    now: systemNow,
    getSession: (sessionId) => getSession(sessions, sessionId),
    getExtension: (extensionId) => getItem(extensions, extensionId),
    presignZip: (extension) => presignArtifactGet(bucket, extensionKeyOf(extension)),
  }),
);
