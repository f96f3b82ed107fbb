import type { Logger } from '../../../core/log/logger.ts';
import { endLeftovers } from './end-leftovers.ts';
import type { Task } from './task.ts';
import type { TaskRecords } from './task-records.ts';

/** Ends the tasks that an earlier run of the machine left behind when it was killed. Returns all that are to be told. */
export async function endOrphans({
  records,
  logger,
  now,
}: {
  records: TaskRecords;
  logger: Logger;
  now: () => Date;
}): Promise<readonly Task[]> {
  return Promise.all(
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
}
