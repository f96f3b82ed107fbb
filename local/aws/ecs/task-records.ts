import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../../core/log/logger.ts';
import { readJsonFile, writeFileAtomic } from '../../data/atomic-file.ts';
import { endLeftovers } from './end-leftovers.ts';
import type { Task } from './task.ts';

/** Tasks whose STOPPED event has not been delivered yet, on disk: what a next start has to finish. No environment. */
export interface TaskRecords {
  save(task: Task): void;
  forget(taskId: string): void;
  list(): readonly Task[];
}

const SUFFIX = '.json';

export function createTaskRecords(folder: string): TaskRecords {
  const fileOf = (taskId: string): string => join(folder, `${taskId}${SUFFIX}`);
  return {
    save: (task) => writeFileAtomic(fileOf(task.id), JSON.stringify(task)),
    forget: (taskId) => rmSync(fileOf(taskId), { force: true }),
    list: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith(SUFFIX))
        .map((name) => readJsonFile(join(folder, name)) as Task),
  };
}

/** Ends the tasks that an earlier run of the machine left behind when it was killed. Returns all that are to be told. */
export const endOrphans = (
  records: TaskRecords,
  { logger, now }: { readonly logger: Logger; readonly now: () => Date },
): Promise<readonly Task[]> =>
  Promise.all(
    records.list().map(async (task) => {
      // Also of a task that had stopped: the machine may have been killed before it had cleaned up.
      const isClean = await endLeftovers(task);
      logger.info('A task of an earlier run is ended', { taskId: task.id, isClean });
      if (task.lastStatus === 'STOPPED') return task;
      const stopped: Task = {
        ...task,
        lastStatus: 'STOPPED',
        desiredStatus: 'STOPPED',
        stopCode: task.stopCode ?? 'TerminationNotice',
        stoppedReason: task.stoppedReason ?? 'The machine that ran this task has ended',
        stoppedAtMs: now().getTime(),
      };
      records.save(stopped);
      return stopped;
    }),
  );
