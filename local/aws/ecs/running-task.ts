import type { ChildProcess } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Logger } from '../../../core/log/logger.ts';
import { openLineLog, readLines } from '../../processes/line-log.ts';
import { sendSignal } from '../../processes/process-table.ts';
import { endLeftovers } from './end-leftovers.ts';
import type { HostResourcePool } from './host-resources.ts';
import { awaitTaskExit } from './launch-task.ts';
import type { Task } from './task.ts';
import type { TaskRecords } from './task-records.ts';

export interface RunningTaskOptions {
  readonly records: TaskRecords;
  readonly resources: HostResourcePool;
  readonly folders: { readonly taskLogs: string };
  /** Tells of a new state. False when nobody could be told. */
  announce(task: Task): Promise<boolean>;
  readonly logger: Logger;
  /** Gets each line that a task prints, as its log does. */
  readonly onTaskLine?: ((line: string) => void) | undefined;
  readonly now: () => Date;
}

const MAX_LOG_BYTES = 512 * 1024;
const MAX_LOG_FILES = 200;

/** A task with its process, from the spawn to its end. */
export class RunningTask {
  /** Resolves when nothing of it runs any more; its last event is on the way. */
  ended: Promise<void> = Promise.resolve();
  readonly #exited: Promise<number>;
  readonly #child: ChildProcess;
  readonly #options: RunningTaskOptions;
  #task: Task;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(task: Task, child: ChildProcess, options: RunningTaskOptions) {
    this.#task = task;
    this.#child = child;
    this.#options = options;
    this.#exited = awaitTaskExit(child);
    this.#keepLog();
  }

  get task(): Task {
    return this.#task;
  }

  /** It counts: from here on others hear of it. */
  begin(): void {
    this.#update({ lastStatus: 'RUNNING', startedAtMs: this.#options.now().getTime() });
    void this.#options.announce(this.#task);
    this.ended = this.#followToEnd();
  }

  /** It does not count: nobody has heard of it, and nobody will. */
  async abandon(): Promise<void> {
    this.kill();
    await this.#exited;
    await this.#clean();
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

  async #followToEnd(): Promise<void> {
    const exitCode = await this.#exited;
    await this.#clean();
    this.#options.resources.giveBack(this.#task);
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

  /** Ends what the process has left behind. */
  async #clean(): Promise<void> {
    clearTimeout(this.#killTimer);
    const { id: taskId } = this.#task;
    try {
      if (!(await endLeftovers(this.#task)))
        this.#options.logger.error('A task left processes behind', { taskId });
    } catch (error) {
      this.#options.logger.error('What a task left cannot be removed', { taskId, error });
    }
  }

  /** Its last state stays on disk until somebody has heard of it. */
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

  #keepLog(): void {
    const { taskLogs } = this.#options.folders;
    pruneTaskLogs(taskLogs);
    // After its session: that is what somebody who looks for it knows.
    const name = basename(this.#task.sessionFolder ?? this.#task.id);
    const log = openLineLog(join(taskLogs, `${name}.log`), MAX_LOG_BYTES);
    const { stdout, stderr } = this.#child;
    const { onTaskLine } = this.#options;
    const write = (line: string) => {
      log.write(line);
      onTaskLine?.(line);
    };
    for (const stream of [stdout, stderr]) if (stream !== null) readLines(stream, write);
    this.#child.once('close', () => void log.close());
  }
}

/** Removes the oldest logs, so that many short sessions do not fill the disk. */
export function pruneTaskLogs(folder: string, keep = MAX_LOG_FILES): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const byAge = files
    .map((file) => ({ file, modifiedAtMs: statSync(file).mtimeMs }))
    .sort((left, right) => right.modifiedAtMs - left.modifiedAtMs);
  for (const { file } of byAge.slice(keep)) rmSync(file, { force: true });
}
