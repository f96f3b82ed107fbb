import validate from 'contract:listSessionLogs';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { listArtifacts } from '../../core/aws/artifacts/list-artifacts.ts';
import { openArtifact } from '../../core/aws/artifacts/open-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { logPrefixOf } from '../../core/domain/artifact-key.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listSessionLogs } from './list-session-logs.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);

export const handler = api(
  {
    logger: createProcessLogger('list-session-logs', process.env),
    clock: systemClock,
    validate,
    executionMode: executionModeStreamifyResponse,
  },
  listSessionLogs({
    getSession: (sessionId) => getSession(sessions, sessionId),
    listSegments: (session) => listArtifacts(bucket, logPrefixOf(session)),
    openSegment: (key) => openArtifact(bucket, key),
  }),
);
