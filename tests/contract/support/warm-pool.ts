import { randomUUID } from 'node:crypto';
import type { RunningTask } from '../../../core/aws/browsers/list-running-tasks.ts';
import type { Table } from '../../../core/aws/dynamodb/document-client.ts';
import { listDemand, recordWarmFailure, recordWarmStarts } from '../../../core/aws/pool/demand.ts';
import { fillSlot } from '../../../core/aws/pool/fill-slot.ts';
import { freeSlot } from '../../../core/aws/pool/free-slot.ts';
import { listWarmSlots } from '../../../core/aws/pool/list-warm-slots.ts';
import { createLogger } from '../../../core/log/logger.ts';
import { rotateKeySet } from '../../../core/tokens/key-set.ts';
import { type KeepPoolDeps, keepPool } from '../../../functions/pool/keep-pool.ts';

const keySet = rotateKeySet(undefined, new Date());
export const TOKEN_KEY_ID = keySet.current;

/** A keeper on a table, and a cluster that holds what it starts. Two of them on one cluster are two keepers at once. */
export function createKeeper(
  pool: Table,
  cluster: { readonly tasks: RunningTask[] },
  changes: Partial<KeepPoolDeps> = {},
) {
  const now = changes.now ?? (() => new Date());
  return keepPool({
    logger: createLogger({}, () => {}),
    now,
    newId: randomUUID,
    sizes: { min: 5, max: 5, schedule: [] },
    vcpuQuota: 100,
    warmCpuUnits: 1_024,
    revision: 'browser:1',
    apiUrl: 'http://api',
    loadTokenKeys: async () => keySet,
    listSlots: () => listWarmSlots(pool),
    listRunningTasks: async () => [...cluster.tasks],
    listDemand: (since) => listDemand(pool, since),
    fillSlot: (container) => fillSlot(pool, container),
    freeSlot: (container, statuses) => freeSlot(pool, container, statuses),
    runTask: async (startedBy) => {
      const taskArn = `arn:${startedBy}`;
      cluster.tasks.push({ taskArn, startedBy, createdAt: now() });
      return taskArn;
    },
    stopTask: async (taskArn) => {
      cluster.tasks.splice(
        0,
        cluster.tasks.length,
        ...cluster.tasks.filter((task) => task.taskArn !== taskArn),
      );
    },
    recordStarts: (starts) => recordWarmStarts(pool, starts, now()),
    recordFailure: () => recordWarmFailure(pool, now()),
    ...changes,
  });
}
