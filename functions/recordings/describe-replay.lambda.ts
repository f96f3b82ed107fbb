import validate from 'contract:describeReplay';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { readArtifact } from '../../core/aws/artifacts/read-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { listEvents } from '../../core/aws/events/list-events.ts';
import { getPublicKeys } from '../../core/aws/keys/get-public-keys.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { integer, optional, readConfig, text } from '../../core/config/env.ts';
import { RECORDING } from '../../core/domain/recording.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { describeReplay } from './describe-replay.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  sessionEventsTable: ['SESSION_EVENTS_TABLE', text()],
  publicKeysTable: ['PUBLIC_KEYS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  keptDays: ['ARTIFACT_DAYS', integer({ min: 1, max: 3_650 })],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const events = { client, tableName: config.sessionEventsTable };
const publicKeys = { client, tableName: config.publicKeysTable };
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);
const logger = createProcessLogger('describe-replay', process.env);

export const handler = api(
  { logger, clock: systemClock, validate },
  describeReplay({
    getPublicKeys: () => getPublicKeys(publicKeys),
    getSession: (sessionId) => getSession(sessions, sessionId),
    listEvents: (sessionId, query) => listEvents(events, sessionId, query),
    readIndex: (key) => readArtifact(bucket, key, RECORDING.maxIndexBytes),
    keptDays: config.keptDays,
    now: systemNow,
    logger,
  }),
);
