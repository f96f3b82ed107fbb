import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { putArtifact } from '../../core/aws/artifacts/put-artifact.ts';
import { putArtifactFile } from '../../core/aws/artifacts/put-artifact-file.ts';
import { readArtifact, readArtifactBytes } from '../../core/aws/artifacts/read-artifact.ts';
import { readFilmRef } from '../../core/aws/artifacts/recording-queue.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { RECORDING } from '../../core/domain/recording.ts';
import { MAX_STATE_BYTES } from '../../core/domain/recording-download.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { encodeMovie, type MovieToEncode } from './encode-movie.ts';
import { makeRecordingDownloads } from './make-recording-downloads.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  // In the function's image, and on one machine where it has an ffmpeg. Without one a film stays as it is.
  ffmpegPath: ['FFMPEG_PATH', optional(text(), undefined)],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);

const logger = createProcessLogger('make-recording-downloads', process.env);

const { ffmpegPath } = config;
const onMessage = (stderr: string) => logger.warn('the encoder failed', { stderr });
const encode = (path: string) => (movie: MovieToEncode, file: string) =>
  encodeMovie(movie, { clock: systemClock, ffmpegPath: path, file, onMessage });

export const handler = makeRecordingDownloads({
  logger,
  now: systemNow,
  readRef: readFilmRef,
  getSession: (sessionId) => getSession(sessions, sessionId),
  readIndex: (key) => readArtifact(bucket, key, RECORDING.maxIndexBytes),
  readChunk: (key, maxBytes) => readArtifactBytes(bucket, key, maxBytes),
  putMovie: (key, movie) => putArtifactFile(bucket, key, movie),
  readState: (key) => readArtifact(bucket, key, MAX_STATE_BYTES),
  putState: (key, state) => putArtifact(bucket, key, Buffer.from(JSON.stringify(state))),
  encodeMovie: ffmpegPath === undefined ? undefined : encode(ffmpegPath),
  folderPrefix: join(tmpdir(), 'film-'),
});
