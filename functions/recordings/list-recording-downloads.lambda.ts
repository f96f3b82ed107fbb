import validate from 'contract:listRecordingDownloads';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { presignArtifactView } from '../../core/aws/artifacts/presign-artifact.ts';
import { readArtifact } from '../../core/aws/artifacts/read-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { integer, optional, readConfig, text, url } from '../../core/config/env.ts';
import { RECORDING } from '../../core/domain/recording.ts';
import { MAX_STATE_BYTES } from '../../core/domain/recording-download.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listRecordingDownloads } from './list-recording-downloads.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  keptDays: ['ARTIFACT_DAYS', integer({ min: 1, max: 3_650 })],
  // On one machine: where clients find what is stored.
  publicStorageUrl: ['PUBLIC_STORAGE_URL', optional(url('http:', 'https:'), undefined)],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);
const views = createArtifactsBucket(
  config.artifactsBucket,
  config.awsEndpoint !== undefined,
  config.publicStorageUrl === undefined ? {} : { endpoint: config.publicStorageUrl },
);
const logger = createProcessLogger('list-recording-downloads', process.env);

export const handler = api(
  { logger, clock: systemClock, validate },
  listRecordingDownloads({
    getSession: (sessionId) => getSession(sessions, sessionId),
    readIndex: (key) => readArtifact(bucket, key, RECORDING.maxIndexBytes),
    keptDays: config.keptDays,
    now: systemNow,
    logger,
    readState: (key) => readArtifact(bucket, key, MAX_STATE_BYTES),
    presign: (key) => presignArtifactView(views, key),
  }),
);
