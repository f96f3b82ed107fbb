import validate from 'contract:listReplays';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { readArtifact } from '../../core/aws/artifacts/read-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { integer, optional, readConfig, text } from '../../core/config/env.ts';
import { RECORDING } from '../../core/domain/recording.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listReplays } from './list-replays.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  keptDays: ['ARTIFACT_DAYS', integer({ min: 1, max: 3_650 })],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);
const logger = createProcessLogger('list-replays', process.env);

export const handler = api(
  { logger, clock: systemClock, validate },
  listReplays({
    getSession: (sessionId) => getSession(sessions, sessionId),
    readIndex: (key) => readArtifact(bucket, key, RECORDING.maxIndexBytes),
    keptDays: config.keptDays,
    now: systemNow,
    logger,
  }),
);
