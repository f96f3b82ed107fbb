import { randomUUID } from 'node:crypto';
import { withTimeout } from '../../../core/server/with-timeout.ts';
import { identityOf } from '../../processes/process-table.ts';
import type { Account } from '../events/event-bus.ts';
import { createTask, type RunTaskInput } from './create-task.ts';
import { launchTask, type TaskLauncherOptions } from './launch-task.ts';
import { RunningTask, type RunningTaskOptions } from './running-task.ts';
import type { Task } from './task.ts';

/** RunTask could not start the task: what ECS answers in `failures`. */
export interface PlacementFailure {
  readonly reason: string;
  readonly detail: string;
}

export interface TaskSupervisorOptions extends RunningTaskOptions {
  readonly account: Account;
  readonly launcher: TaskLauncherOptions;
}

/** ECS too forgets stopped tasks after a while. */
const REMEMBER_STOPPED_MS = 60 * 60_000;

const STOPPING: PlacementFailure = { reason: 'RESOURCE:STOPPING', detail: 'The machine is stopping' };
const NO_RESOURCES: PlacementFailure = {
  reason: 'RESOURCE:PORTS',
  detail: 'No free port or user for another task',
};

/** Runs tasks as child processes, and follows each to its end. */
export class TaskSupervisor {
  readonly #options: TaskSupervisorOptions;
  readonly #running = new Map<string, RunningTask>();
  /** What has been spawned or is about to be, by its client token. */
  readonly #starting = new Map<string, Promise<Task | PlacementFailure>>();
  #isStopping = false;

  constructor(options: TaskSupervisorOptions) {
    this.#options = options;
  }

  /** With a client token the SDK's retry gets the task of the first try; one that started nothing may be made again. */
  async run(input: RunTaskInput): Promise<Task | PlacementFailure> {
    this.#forgetOld();
    const { clientToken = randomUUID() } = input;
    const known = this.list().find((task) => task.clientToken === clientToken);
    if (known !== undefined) return known;
    const start = this.#starting.get(clientToken) ?? this.#start(input);
    this.#starting.set(clientToken, start);
    try {
      return await start;
    } finally {
      this.#starting.delete(clientToken);
    }
  }

  /** Asks the task to end. undefined: there is none of this id. */
  stop(taskId: string, reason: string): Task | undefined {
    const running = this.#running.get(taskId);
    running?.stop(reason);
    return running?.task;
  }

  find(taskId: string): Task | undefined {
    return this.#running.get(taskId)?.task;
  }

  list(): readonly Task[] {
    return [...this.#running.values()].map(({ task }) => task);
  }

  /**
   * Ends all tasks, by force after `graceMs`, and from now on starts none. Resolves when nothing of them runs; their
   * last events are on the way.
   */
  async stopAll(reason: string, graceMs: number): Promise<void> {
    // From here on a start adds no task: it ends what it has spawned, which is waited for.
    this.#isStopping = true;
    const all = [...this.#running.values()];
    for (const running of all) running.stop(reason);
    const ended = Promise.allSettled([...this.#starting.values(), ...all.map((running) => running.ended)]);
    await withTimeout(ended, graceMs);
    for (const running of all) running.kill();
    // Bounded by the rounds of endLeftovers.
    await ended;
  }

  async #start(input: RunTaskInput): Promise<Task | PlacementFailure> {
    const { resources, records, launcher, logger } = this.#options;
    const taken = await resources.take();
    if (taken === undefined) return NO_RESOURCES;
    const task = createTask(input, taken, this.#options);
    if (this.#isStopping) return this.#giveUp(task, STOPPING);
    try {
      // Before it runs: should this process be killed right after the spawn, the next start knows what to end.
      records.save(task);
      const environment = { ...input.definition.environment, ...input.environment };
      const child = await launchTask(launcher, task, environment);
      const process = child.pid === undefined ? undefined : identityOf(child.pid);
      return await this.#follow(new RunningTask({ ...task, process }, child, this.#options));
    } catch (error) {
      logger.error('A task cannot be started', { error });
      return this.#giveUp(task, { reason: 'TaskFailedToStart', detail: (error as Error).message });
    }
  }

  #giveUp(task: Task, failure: PlacementFailure): PlacementFailure {
    this.#options.records.forget(task.id);
    this.#options.resources.giveBack(task);
    return failure;
  }

  async #follow(running: RunningTask): Promise<Task | PlacementFailure> {
    const { task } = running;
    if (this.#isStopping) {
      await running.abandon();
      return this.#giveUp(task, STOPPING);
    }
    this.#running.set(task.id, running);
    running.begin();
    return task;
  }

  #forgetOld(): void {
    const oldestMs = this.#options.now().getTime() - REMEMBER_STOPPED_MS;
    for (const { id, stoppedAtMs } of this.list())
      if (stoppedAtMs !== undefined && stoppedAtMs <= oldestMs) this.#running.delete(id);
  }
}
