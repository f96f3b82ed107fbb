import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { putArtifact } from '../../core/aws/artifacts/put-artifact.ts';
import { putArtifactFile } from '../../core/aws/artifacts/put-artifact-file.ts';
import { readArtifact, readArtifactBytes } from '../../core/aws/artifacts/read-artifact.ts';
import { readFilmRef } from '../../core/aws/artifacts/recording-queue.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { RECORDING } from '../../core/domain/recording.ts';
import { createLogger } from '../../core/log/logger.ts';
import { makeRecordingDownloads } from './make-recording-downloads.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);

export const handler = makeRecordingDownloads({
  logger: createLogger({ service: 'make-recording-downloads' }),
  now: systemNow,
  readRef: readFilmRef,
  getSession: (sessionId) => getSession(sessions, sessionId),
  readIndex: (key) => readArtifact(bucket, key, RECORDING.maxIndexBytes),
  readChunk: (key, maxBytes) => readArtifactBytes(bucket, key, maxBytes),
  putMovie: (key, movie) => putArtifactFile(bucket, key, movie),
  putState: (key, state) => putArtifact(bucket, key, Buffer.from(JSON.stringify(state))),
  newFile: () => join(tmpdir(), `film-${randomUUID()}.mp4`),
});
