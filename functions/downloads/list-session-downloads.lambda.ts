import validate from 'contract:listSessionDownloads';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { openArtifact } from '../../core/aws/artifacts/open-artifact.ts';
import { listDownloads } from '../../core/aws/downloads/list-downloads.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listSessionDownloads } from './list-session-downloads.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  downloadsTable: ['DOWNLOADS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const downloads = { client, tableName: config.downloadsTable };
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);

export const handler = api(
  {
    logger: createProcessLogger('list-session-downloads', process.env),
    clock: systemClock,
    validate,
    executionMode: executionModeStreamifyResponse,
  },
  listSessionDownloads({
    getSession: (sessionId) => getSession(sessions, sessionId),
    listDownloads: (sessionId) => listDownloads(downloads, sessionId),
    open: (key) => openArtifact(bucket, key),
  }),
);
