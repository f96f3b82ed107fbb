import { EC2Client } from '@aws-sdk/client-ec2';
import { awsClient } from '../../core/aws/aws-client.ts';
import { findPublicAddress } from '../../core/aws/browsers/find-public-address.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { recordWarmFailure } from '../../core/aws/pool/demand.ts';
import { freeSlot } from '../../core/aws/pool/free-slot.ts';
import { getWarmClaim } from '../../core/aws/pool/get-warm-claim.ts';
import { recordWarmAddress } from '../../core/aws/pool/record-warm-readiness.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { recordAddress } from '../../core/aws/sessions/record-readiness.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { boolean, optional, readConfig, text } from '../../core/config/env.ts';
import { pause } from '../../core/domain/clock.ts';
import { RETRY } from '../../core/domain/timing.ts';
import { slotOfWarmId } from '../../core/domain/warm-container.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { locateDirectly, locatePrivately } from './locate-task.ts';
import { processTaskEvent } from './process-task-event.ts';

// All attempts together fit into the function's time-out of 10 s, and into the wait of the create behind them.
const ATTEMPTS = 6;

const config = readConfig(process.env, {
  sessionsTable: ['SESSIONS_TABLE', text()],
  projectsTable: ['PROJECTS_TABLE', text()],
  warmPoolTable: ['WARM_POOL_TABLE', text()],
  isDirect: ['CONNECT_DIRECT', optional(boolean(), false)],
});
const client = createDocumentClient();
const sessions = { client, tableName: config.sessionsTable };
const projects = { client, tableName: config.projectsTable };
const pool = { client, tableName: config.warmPoolTable };
const store = { sessions, projects, clock: systemClock };

/** Directly: at the task's public address, which no event has and EC2 must be asked for. */
function createDirectLocator() {
  const lookup = {
    client: new EC2Client(awsClient()),
    attempts: ATTEMPTS,
    pause: () => pause(systemClock, RETRY.publicAddressMs),
  };
  return locateDirectly((interfaceId) => findPublicAddress(lookup, interfaceId));
}

export const handler = processTaskEvent({
  logger: createProcessLogger('task-processor', process.env),
  locate: config.isDirect ? createDirectLocator() : locatePrivately,
  recordAddress: (sessionId, facts) => recordAddress(sessions, sessionId, facts, systemNow()),
  now: systemNow,
  pause: (ms) => pause(systemClock, ms),
  recordWarmAddress: (warmId, facts) => recordWarmAddress(pool, warmId, facts, systemNow()),
  freeSlot: async (warmId) => {
    const slot = slotOfWarmId(warmId);
    return slot === undefined ? undefined : freeSlot(pool, { slot, warmId });
  },
  recordWarmFailure: () => recordWarmFailure(pool, systemNow()),
  getWarmClaim: (warmId) => getWarmClaim(pool, warmId),
  getSession: (sessionId) => getSession(sessions, sessionId),
  recordEnding: (sessionId, endReason, by) =>
    stepSession(sessions, sessionId, {
      to: 'TERMINATING',
      set: { endReason },
      ...(by === undefined ? {} : { container: by }),
      at: systemNow(),
    }),
  end: (sessionId, ending, by) => endSession(store, sessionId, { ...ending, endedAt: systemNow() }, by),
});
