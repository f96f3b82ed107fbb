import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonFile, writeFileAtomic } from '../../data/atomic-file.ts';
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
