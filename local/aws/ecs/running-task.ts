import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Logger } from '../../../core/log/logger.ts';
import { sendSignal } from '../../processes/process-identity.ts';
import { endLeftovers } from './end-leftovers.ts';
import { awaitTaskExit, type TaskExit } from './launch-task.ts';
import type { Task } from './task.ts';
import { keepTaskLog, pruneTaskLogs } from './task-log.ts';
import type { TaskRecords } from './task-records.ts';

export interface RunningTaskOptions {
  readonly records: TaskRecords;
  readonly folders: { readonly taskLogs: string };
  /** Tells of a new state. False when nobody could be told. */
  announce(task: Task): Promise<boolean>;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** A task with its process, from the spawn to its end. */
export class RunningTask {
  /** Resolves when the process has ended. */
  readonly exited: Promise<TaskExit>;
  readonly #child: ChildProcess;
  readonly #options: RunningTaskOptions;
  #task: Task;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(task: Task, child: ChildProcess, options: RunningTaskOptions) {
    this.#task = task;
    this.#child = child;
    this.#options = options;
    this.exited = awaitTaskExit(child);
    this.#followLog();
  }

  get task(): Task {
    return this.#task;
  }

  /** It counts: from here on others hear of it. */
  begin(): void {
    this.#update({ lastStatus: 'RUNNING', startedAtMs: this.#options.now().getTime() });
    void this.#options.announce(this.#task);
  }

  /** SIGTERM, and SIGKILL after the task definition's stop time-out. */
  stop(reason: string): void {
    if (this.#task.desiredStatus !== 'RUNNING') return;
    this.#update({ desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: reason });
    this.#child.kill('SIGTERM');
    this.#killTimer = setTimeout(() => this.kill(), this.#task.stopTimeoutSeconds * 1000);
  }

  kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    const hasExited = exitCode !== null || signalCode !== null;
    if (!hasExited && pid !== undefined) sendSignal(-pid, 'SIGKILL');
  }

  /** Ends what the process has left behind. */
  async clean(): Promise<void> {
    clearTimeout(this.#killTimer);
    const { id: taskId } = this.#task;
    try {
      if (!(await endLeftovers(this.#task)))
        this.#options.logger.error('A task left processes behind', { taskId });
    } catch (error) {
      this.#options.logger.error('What a task left cannot be removed', { taskId, error });
    }
  }

  /** Its last state, which stays on disk until somebody has heard of it. */
  end({ exitCode }: TaskExit): void {
    this.#update({
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      exitCode,
      stoppedAtMs: this.#options.now().getTime(),
      stopCode: this.#task.stopCode ?? 'EssentialContainerExited',
      stoppedReason: this.#task.stoppedReason ?? 'Essential container in task exited',
    });
    void this.#tellEnd();
  }

  async #tellEnd(): Promise<void> {
    const { announce, records, logger } = this.#options;
    const { id: taskId } = this.#task;
    if (await announce(this.#task)) records.forget(taskId);
    else logger.error('The end of a task could not be told; the next start tries again', { taskId });
  }

  #update(change: Partial<Task>): void {
    this.#task = { ...this.#task, ...change };
    this.#options.records.save(this.#task);
  }

  #followLog(): void {
    const { taskLogs } = this.#options.folders;
    pruneTaskLogs(taskLogs);
    const streams = [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null);
    void keepTaskLog(streams, join(taskLogs, `${this.#task.id}.log`));
  }
}
