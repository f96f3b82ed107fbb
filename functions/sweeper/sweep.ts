import type { RunningTask } from '../../core/aws/browsers/list-running-tasks.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import { lineIdsOf } from '../../core/domain/log-events.ts';
import { LIVE_STATUSES, type LiveStatus, type Session } from '../../core/domain/session.ts';
import { lastUploadsBefore, type Tombstone } from '../../core/domain/tombstone.ts';
import { slotOfWarmId, type WarmClaim, type WarmContainer } from '../../core/domain/warm-container.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import { type Sweep, sweepSession, sweepTask, type TaskOwner } from './decide-sweep.ts';

export interface SweepDeps {
  readonly logger: Logger;
  readonly now: () => Date;
  readonly listSessionsInStatus: (status: LiveStatus) => Promise<readonly Session[]>;
  readonly getSession: (sessionId: string) => Promise<Session | undefined>;
  readonly listRunningTasks: () => Promise<readonly RunningTask[]>;
  readonly getWarmContainer: (warmId: string) => Promise<WarmContainer | undefined>;
  readonly getWarmClaim: (warmId: string) => Promise<WarmClaim | undefined>;
  readonly markTerminating: (sessionId: string, reason: EndReason) => Promise<unknown>;
  readonly end: (sessionId: string, reason: EndReason, detail: string) => Promise<unknown>;
  readonly stopTask: (taskArn: string, reason: string) => Promise<void>;
  readonly listTombstones: (before: Date) => Promise<readonly Tombstone[]>;
  readonly deleteProfile: (key: string) => Promise<void>;
  readonly removeTombstone: (tombstone: Tombstone) => Promise<void>;
}

/** Parts of a sweep failed; the others were done. Thrown so that the alarm on this function's errors sees it. */
export class SweepError extends AggregateError {
  override readonly name = 'SweepError';
}

/**
 * Every minute: ends what nobody else ended. What cannot be listed, read or swept keeps nothing else from it: sessions
 * past their deadline end also when ECS lists no tasks.
 */
export const sweep = (deps: SweepDeps) => async (): Promise<void> => {
  const now = deps.now();
  const sessions = await settle(LIVE_STATUSES.map(deps.listSessionsInStatus));
  const tasks = await settle([deps.listRunningTasks()]);
  const live = sessions.values.flat();
  const owners = new Map(live.flatMap((session) => namesOf(session).map((name) => [name, session] as const)));
  const running = tasks.values.flat();
  const ofTasks = await settle(
    running.map(async (task) => sweepTask(task, await ownerOf(deps, owners, task), now)),
  );
  const tombstones = await settle([deps.listTombstones(lastUploadsBefore(now))]);
  const ofSessions = live.map((session) => sweepSession(session, now));
  const due = [
    ...[...ofSessions, ...ofTasks.values].flatMap((item) =>
      item === undefined ? [] : [carryOut(deps, item, running)],
    ),
    ...tombstones.values.flat().map((tombstone) => bury(deps, tombstone)),
  ];
  const sweeps = await settle(due);
  const faults = [sessions, tasks, ofTasks, tombstones, sweeps].flatMap((part) => part.faults);
  for (const error of faults) deps.logger.error('a part of the sweep failed', { error });
  logEvent(deps.logger, 'sweep.done', {
    live: live.length,
    tasks: running.length,
    due: due.length,
    failed: faults.length,
    outcome: faults.length === 0 ? 'ok' : 'failed',
    durationMs: deps.now().getTime() - now.getTime(),
  });
  if (faults.length > 0) throw new SweepError(faults, `The sweep failed in ${faults.length} of its parts`);
};

/** What the task of a session may have been started by. */
const namesOf = ({ sessionId, warmId }: Session): readonly string[] =>
  warmId === undefined ? [sessionId] : [sessionId, warmId];

/**
 * One that has ended since it was listed has its turn a minute later. Of a warm container the pool first: one that is claimed
 * in between has its claim when it has left the pool.
 */
async function ownerOf(
  deps: SweepDeps,
  owners: ReadonlyMap<string, Session>,
  { startedBy }: RunningTask,
): Promise<TaskOwner> {
  const session = owners.get(startedBy);
  if (session !== undefined) return { session };
  if (slotOfWarmId(startedBy) === undefined) return { session: await deps.getSession(startedBy) };
  if ((await deps.getWarmContainer(startedBy)) !== undefined) return { isInPool: true };
  const claim = await deps.getWarmClaim(startedBy);
  return claim === undefined ? {} : { session: await deps.getSession(claim.sessionId) };
}

interface Settled<Value> {
  readonly values: readonly Value[];
  readonly faults: readonly unknown[];
}

async function settle<Value>(promises: readonly Promise<Value>[]): Promise<Settled<Value>> {
  const results = await Promise.allSettled(promises);
  return {
    values: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    faults: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
  };
}

async function carryOut(deps: SweepDeps, item: Sweep, running: readonly RunningTask[]): Promise<void> {
  if (item.kind === 'stop-task') {
    deps.logger.warn('stopping a task without use', { taskArn: item.task.taskArn, detail: item.detail });
    return deps.stopTask(item.task.taskArn, item.detail);
  }
  const { session, reason } = item;
  logEvent(deps.logger, 'session.swept', {
    ...lineIdsOf(session),
    outcome: item.kind,
    reason,
    durationMs: deps.now().getTime() - Date.parse(session.createdAt),
  });
  if (item.kind === 'terminate') await deps.markTerminating(session.sessionId, reason);
  else await deps.end(session.sessionId, reason, item.detail);
  const taskArn = session.taskArn ?? startedFor(session, running);
  if (taskArn !== undefined) await deps.stopTask(taskArn, reason);
}

/** Of a session whose create died before the task ran, only ECS knows the task. */
const startedFor = (
  { sessionId, warmId = sessionId }: Session,
  running: readonly RunningTask[],
): string | undefined => running.find(({ startedBy }) => startedBy === warmId)?.taskArn;

/** The object first: while the tombstone stands, the next sweep tries again. */
async function bury(deps: SweepDeps, tombstone: Tombstone): Promise<void> {
  await deps.deleteProfile(tombstone.profileKey);
  await deps.removeTombstone(tombstone);
}
