import type { RunningTask } from '../../core/aws/browsers/list-running-tasks.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import { LIVE_STATUSES, type LiveStatus, type Session } from '../../core/domain/session.ts';
import { lastUploadsBefore, type Tombstone } from '../../core/domain/tombstone.ts';
import type { Logger } from '../../core/log/logger.ts';
import { type Sweep, sweepSession, sweepTask } from './decide-sweep.ts';

export interface SweepDeps {
  readonly logger: Logger;
  readonly now: () => Date;
  readonly listSessionsInStatus: (status: LiveStatus) => Promise<readonly Session[]>;
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  readonly listRunningTasks: () => Promise<readonly RunningTask[]>;
  readonly markTerminating: (sessionId: string, reason: EndReason) => Promise<unknown>;
  readonly end: (sessionId: string, reason: EndReason, detail: string) => Promise<unknown>;
  readonly stopTask: (taskArn: string, reason: string) => Promise<void>;
  readonly listTombstones: (before: Date) => Promise<readonly Tombstone[]>;
  readonly deleteProfile: (key: string) => Promise<void>;
  readonly removeTombstone: (tombstone: Tombstone) => Promise<void>;
}

/** Some sweeps failed; the others were done. Thrown so that the alarm on this function's errors sees it. */
export class SweepError extends AggregateError {
  override readonly name = 'SweepError';
}

/** Every minute: ends what nobody else ended. One session that cannot be swept does not keep the others from it. */
export const sweep = (deps: SweepDeps) => async (): Promise<void> => {
  const now = deps.now();
  const lists = await Promise.all(LIVE_STATUSES.map(deps.listSessionsInStatus));
  const tasks = await deps.listRunningTasks();
  const ofSessions = lists.flat().map((session) => sweepSession(session, now));
  const ofTasks = await Promise.all(
    tasks.map(async (task) => sweepTask(task, await deps.getSession(task.sessionId), now)),
  );
  const due = [...ofSessions, ...ofTasks].filter((item) => item !== undefined);
  const tombstones = await deps.listTombstones(lastUploadsBefore(now));
  const results = await Promise.allSettled([
    ...due.map((item) => carryOut(deps, item)),
    ...tombstones.map((tombstone) => bury(deps, tombstone)),
  ]);
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  deps.logger.info('swept', {
    live: lists.flat().length,
    tasks: tasks.length,
    due: results.length,
    failed: failures.length,
  });
  if (failures.length > 0)
    throw new SweepError(failures, `${failures.length} of ${results.length} sweeps failed`);
};

async function carryOut(deps: SweepDeps, item: Sweep): Promise<void> {
  if (item.kind === 'stop-task') {
    deps.logger.warn('stopping a task without use', { taskArn: item.task.taskArn, detail: item.detail });
    return deps.stopTask(item.task.taskArn, item.detail);
  }
  const { session, reason } = item;
  deps.logger.warn('sweeping a session', { sessionId: session.sessionId, kind: item.kind, reason });
  if (item.kind === 'terminate') await deps.markTerminating(session.sessionId, reason);
  else await deps.end(session.sessionId, reason, item.detail);
  if (session.taskArn !== undefined) await deps.stopTask(session.taskArn, reason);
}

/** The object first: while the tombstone stands, the next sweep tries again. */
async function bury(deps: SweepDeps, tombstone: Tombstone): Promise<void> {
  await deps.deleteProfile(tombstone.profileKey);
  await deps.removeTombstone(tombstone);
}
