/** No session outlives the machine: what a stop or a crash cut short is ended before the next start serves anybody. */
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { listSessionsInStatus } from '../../core/aws/sessions/list-sessions.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { LIVE_STATUSES } from '../../core/domain/session.ts';
import type { Served } from './seed.ts';

/** To be called when the containers of the last run have been ended. Returns how many sessions it ended. */
export async function endLeftoverSessions({
  infrastructure,
  endpoint,
  credentials,
}: Served): Promise<number> {
  const { region, tables } = infrastructure;
  const client = createDocumentClient({ endpoint, credentials, region });
  const sessions = { client, tableName: tables.sessions.name };
  const projects = { client, tableName: tables.projects.name };
  try {
    const lists = await Promise.all(LIVE_STATUSES.map((status) => listSessionsInStatus(sessions, status)));
    const leftovers = lists.flat();
    const ending = {
      reason: 'container_lost',
      detail: 'The machine was stopped',
      endedAt: new Date(),
    } as const;
    for (const { sessionId } of leftovers) {
      await endSession({ sessions, projects, clock: systemClock }, sessionId, ending);
    }
    return leftovers.length;
  } finally {
    client.destroy();
  }
}
