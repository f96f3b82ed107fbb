import validate from 'contract:listSessionEvents';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { listEvents } from '../../core/aws/events/list-events.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { watchCaller } from '../../core/http/caller.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listSessionEvents } from './list-session-events.ts';

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  eventsTable: ['SESSION_EVENTS_TABLE', text()],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const events = { client, tableName: config.eventsTable };

const logger = createProcessLogger('list-session-events', process.env);

const answer = api(
  { logger, clock: systemClock, validate, executionMode: executionModeStreamifyResponse },
  listSessionEvents({
    getSession: (sessionId) => getSession(sessions, sessionId),
    listEvents: (sessionId, query) => listEvents(events, sessionId, query),
    clock: systemClock,
    logger,
  }),
);

export const handler = watchCaller(answer as never);
