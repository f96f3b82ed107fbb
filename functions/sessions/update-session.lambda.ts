import validate from 'contract:updateSession';
import { ECSClient } from '@aws-sdk/client-ecs';
import { awsClient } from '../../core/aws/aws-client.ts';
import { stopBrowserTask } from '../../core/aws/browsers/stop-browser-task.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { UPDATE_SESSION_SETTINGS } from '../../core/domain/setting-support.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { openTracing } from '../../core/tracing/open-tracing.ts';
import { releaseSession } from './release-session.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  cluster: ['CLUSTER', text()],
});
const sessions = { client: createDocumentClient(), tableName: config.sessionsTable };
const cluster = { client: new ECSClient(awsClient()), cluster: config.cluster };

const logger = createProcessLogger('update-session', process.env);

export const handler = api(
  {
    logger,
    clock: systemClock,
    validate,
    settings: { rows: UPDATE_SESSION_SETTINGS },
  },
  releaseSession({
    tracing: openTracing('update-session', process.env, logger),
    getSession: (sessionId) => getSession(sessions, sessionId),
    recordRelease: (sessionId, endReason) =>
      stepSession(sessions, sessionId, { to: 'TERMINATING', set: { endReason }, at: systemNow() }),
    stopTask: (taskArn, reason) => stopBrowserTask(cluster, taskArn, reason),
  }),
);
