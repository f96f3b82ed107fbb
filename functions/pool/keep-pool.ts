import type { DynamoDBBatchResponse } from 'aws-lambda';
import type { RunningTask } from '../../core/aws/browsers/list-running-tasks.ts';
import { decideKeep, type Keep } from '../../core/domain/decide-keep.ts';
import { startsAllowed } from '../../core/domain/starts-allowed.ts';
import { WARM } from '../../core/domain/timing.ts';
import { WARM_SLOTS, type WarmContainer, type WarmStatus } from '../../core/domain/warm-container.ts';
import type { DemandMinute } from '../../core/domain/warm-demand.ts';
import { DEMAND_READ_MS, keptWarm, wantedWarm } from '../../core/domain/warm-pool.ts';
import { roomFor } from '../../core/domain/warm-room.ts';
import type { WarmSizes } from '../../core/domain/warm-sizes.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { LoadTokenKeys, TokenKeySet } from '../../core/tokens/tokens.ts';
import { isForKeeper, isSchedule, type KeeperEvent } from './keeper-event.ts';
import { tellPool } from './tell-pool.ts';
import { warmEnvironment } from './warm-environment.ts';

export interface KeepPoolDeps {
  readonly logger: Logger;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly sizes: WarmSizes;
  readonly vcpuQuota: number;
  /** What a warm container takes of it, in ECS's units. */
  readonly warmCpuUnits: number;
  /** The task definition with its revision. */
  readonly revision: string;
  readonly apiUrl: string;
  readonly loadTokenKeys: LoadTokenKeys;
  readonly listSlots: () => Promise<readonly WarmContainer[]>;
  readonly listRunningTasks: () => Promise<readonly RunningTask[]>;
  readonly listDemand: (since: Date) => Promise<readonly DemandMinute[]>;
  /** False when the slot is filled. */
  readonly fillSlot: (container: WarmContainer) => Promise<boolean>;
  /** Undefined when the container is not in the pool, or not in one of these statuses, any more. */
  readonly freeSlot: (
    container: WarmContainer,
    statuses?: readonly WarmStatus[],
  ) => Promise<WarmContainer | undefined>;
  readonly runTask: (warmId: string, environment: Readonly<Record<string, string>>) => Promise<string>;
  readonly stopTask: (taskArn: string, reason: string) => Promise<void>;
  readonly recordStarts: (starts: number) => Promise<void>;
  readonly recordFailure: () => Promise<void>;
}

/** Parts of a run failed; the others were done. Thrown so that the alarm on this function's errors sees it. */
export class KeepError extends AggregateError {
  override readonly name = 'KeepError';
}

const NOTHING_FAILED: DynamoDBBatchResponse = { batchItemFailures: [] };

/**
 * Keeps the warm pool as full as it is wanted: every minute, and at once when a slot has become free. Two may run at the
 * same time: a slot is filled by one of them, and a container ended by one.
 */
export const keepPool =
  (deps: KeepPoolDeps) =>
  async (event: KeeperEvent): Promise<DynamoDBBatchResponse> => {
    if (!isForKeeper(event)) return NOTHING_FAILED;
    const pool = await lookAt(deps);
    tellPool(deps.logger, { ...pool, isSchedule: isSchedule(event) });
    const results = await Promise.allSettled([
      startAll(deps, pool.keep.start, pool.keySet),
      ...pool.keep.end.map((item) => endWarm(deps, item, pool.tasks)),
    ]);
    const faults = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    for (const error of faults) deps.logger.error('a part of the keeping failed', { error });
    if (faults.length > 0) throw new KeepError(faults, `Keeping failed in ${faults.length} of its parts`);
    return NOTHING_FAILED;
  };

async function lookAt(deps: KeepPoolDeps) {
  const now = deps.now();
  // Before the tasks: what is in the pool has been started then.
  const slots = await deps.listSlots();
  const [tasks, demand, keySet] = await Promise.all([
    deps.listRunningTasks(),
    deps.listDemand(new Date(now.getTime() - DEMAND_READ_MS)),
    deps.loadTokenKeys(),
  ]);
  const warmIds = new Set(slots.map(({ warmId }) => warmId));
  const inUse = tasks.filter(({ startedBy }) => !warmIds.has(startedBy));
  const room = roomFor({ ...deps, inUse });
  const wish = { sizes: deps.sizes, createsByMinute: demand, now, room };
  const wanted = wantedWarm(wish);
  const starting = slots.filter(({ status }) => status === 'STARTING').length;
  const keep = decideKeep({
    now,
    slots,
    running: new Set(tasks.map(({ startedBy }) => startedBy)),
    wanted,
    kept: keptWarm(wish),
    most: Math.min(deps.sizes.max, room),
    allowed: startsAllowed({ demand, starting, now }),
    revision: deps.revision,
    keys: { current: keySet.current, all: new Set(Object.keys(keySet.keys)) },
  });
  return { now, slots, tasks, demand, keySet, wanted, keep };
}

async function startAll(deps: KeepPoolDeps, slots: readonly string[], keySet: TokenKeySet): Promise<void> {
  const started = await Promise.all(slots.map((slot) => startWarm(deps, slot, keySet)));
  const starts = started.filter(Boolean).length;
  if (starts > 0) await deps.recordStarts(starts);
}

/** True when a container was, or may have been, started; false when the slot is filled by now. */
async function startWarm(deps: KeepPoolDeps, slot: string, keySet: TokenKeySet): Promise<boolean> {
  const container = newContainer(deps, slot, keySet.current);
  const { warmId } = container;
  // A key that cannot sign fills no slot.
  const environment = warmEnvironment({ container, keySet, apiUrl: deps.apiUrl });
  if (!(await deps.fillSlot(container))) return false;
  try {
    const taskArn = await deps.runTask(warmId, environment);
    deps.logger.info('warm container started', { warmId, taskArn });
  } catch (error) {
    deps.logger.warn('warm container not started', { warmId, error });
    // First: freeing the slot calls the next run, which is to know of it.
    await deps.recordFailure();
    await deps.freeSlot(container);
  }
  return true;
}

function newContainer(deps: KeepPoolDeps, slot: string, tokenKeyId: string): WarmContainer {
  const now = deps.now();
  return {
    pool: WARM_SLOTS,
    slot,
    warmId: `${slot}-${deps.newId()}`,
    status: 'STARTING',
    startedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + WARM.maxAgeMs).toISOString(),
    revision: deps.revision,
    tokenKeyId,
  };
}

/** Out of the pool first, so that nobody claims what is about to end; who was claimed in between stays. */
async function endWarm(
  deps: KeepPoolDeps,
  { container, reason }: Keep['end'][number],
  tasks: readonly RunningTask[],
): Promise<void> {
  const { warmId, status } = container;
  if (reason === 'not started') await deps.recordFailure();
  const freed = await deps.freeSlot(container, [status]);
  if (freed === undefined) return;
  deps.logger.info('warm container taken out', { warmId, reason });
  const taskArn = freed.taskArn ?? tasks.find(({ startedBy }) => startedBy === warmId)?.taskArn;
  if (taskArn !== undefined && reason !== 'gone') await deps.stopTask(taskArn, `Warm container: ${reason}`);
}
