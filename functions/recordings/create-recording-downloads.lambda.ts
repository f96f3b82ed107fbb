import validate from 'contract:createRecordingDownloads';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { putArtifact } from '../../core/aws/artifacts/put-artifact.ts';
import { readArtifact } from '../../core/aws/artifacts/read-artifact.ts';
import { queueFilm } from '../../core/aws/artifacts/recording-queue.ts';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { integer, optional, readConfig, text } from '../../core/config/env.ts';
import { RECORDING } from '../../core/domain/recording.ts';
import { MAX_STATE_BYTES } from '../../core/domain/recording-download.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { createRecordingDownloads } from './create-recording-downloads.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  keptDays: ['ARTIFACT_DAYS', integer({ min: 1, max: 3_650 })],
  queueUrl: ['RECORDING_QUEUE_URL', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);
const queue = { client: new SQSClient(awsClient()), queueUrl: config.queueUrl };
const logger = createProcessLogger('create-recording-downloads', process.env);

export const handler = api(
  { logger, clock: systemClock, validate },
  createRecordingDownloads({
    getSession: (sessionId) => getSession(sessions, sessionId),
    readIndex: (key) => readArtifact(bucket, key, RECORDING.maxIndexBytes),
    keptDays: config.keptDays,
    now: systemNow,
    logger,
    readState: (key) => readArtifact(bucket, key, MAX_STATE_BYTES),
    putState: (key, state) => putArtifact(bucket, key, Buffer.from(JSON.stringify(state))),
    queue: (film, projectId) => queueFilm(queue, film, projectId),
  }),
);
