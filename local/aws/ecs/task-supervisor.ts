import type { ChildProcess } from 'node:child_process';
import { pause } from '../../processes/pause.ts';
import { identityOf } from '../../processes/process-identity.ts';
import type { Account } from '../events/envelope.ts';
import { ClientTokens } from './client-tokens.ts';
import { createTask } from './create-task.ts';
import type { HostResourcePool } from './host-resources.ts';
import { launchTask, type TaskLauncherOptions } from './launch-task.ts';
import type { RunTaskInput } from './run-task-input.ts';
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
  readonly resources: HostResourcePool;
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
  readonly #clientTokens = new ClientTokens();
  /** What has been spawned or is about to be, and what has not ended yet. */
  readonly #starting = new Set<Promise<unknown>>();
  readonly #ending = new Set<Promise<void>>();
  #isStopping = false;

  constructor(options: TaskSupervisorOptions) {
    this.#options = options;
  }

  run(input: RunTaskInput): Promise<Task | PlacementFailure> {
    this.#forgetOld();
    return this.#clientTokens.once(input, (wanted) => keepUntilSettled(this.#start(wanted), this.#starting));
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
    const ended = Promise.allSettled([...this.#starting, ...this.#ending]);
    const patience = new AbortController();
    await Promise.race([ended, pause(graceMs, patience.signal)]);
    patience.abort();
    for (const running of all) running.kill();
    // Bounded by the rounds of endLeftovers.
    await ended;
  }

  async #start(input: RunTaskInput): Promise<Task | PlacementFailure> {
    const resources = await this.#options.resources.take();
    if (resources === undefined) return NO_RESOURCES;
    const task = createTask(input, resources, this.#options);
    if (this.#isStopping) return this.#giveUp(task, STOPPING);
    let child: ChildProcess;
    try {
      // Before it runs: should this process be killed right after the spawn, the next start knows what to end.
      this.#options.records.save(task);
      const environment = { ...input.definition.environment, ...input.environment };
      child = await launchTask(this.#options.launcher, task, environment);
    } catch (error) {
      this.#options.logger.error('A task cannot be started', { error });
      return this.#giveUp(task, { reason: 'TaskFailedToStart', detail: (error as Error).message });
    }
    const identity = child.pid === undefined ? undefined : identityOf(child.pid);
    return this.#follow({ ...task, ...(identity === undefined ? {} : { process: identity }) }, child);
  }

  #giveUp(task: Task, failure: PlacementFailure): PlacementFailure {
    this.#options.records.forget(task.id);
    this.#options.resources.giveBack(task);
    return failure;
  }

  async #follow(task: Task, child: ChildProcess): Promise<Task | PlacementFailure> {
    const running = new RunningTask(task, child, this.#options);
    if (this.#isStopping) {
      running.kill();
      await running.exited;
      await running.clean();
      return this.#giveUp(task, STOPPING);
    }
    this.#running.set(task.id, running);
    void keepUntilSettled(this.#awaitEnd(running), this.#ending);
    running.begin();
    return task;
  }

  async #awaitEnd(running: RunningTask): Promise<void> {
    const exit = await running.exited;
    await running.clean();
    this.#options.resources.giveBack(running.task);
    running.end(exit);
  }

  #forgetOld(): void {
    const oldestMs = this.#options.now().getTime() - REMEMBER_STOPPED_MS;
    for (const { id, clientToken, stoppedAtMs } of this.list()) {
      if (stoppedAtMs === undefined || stoppedAtMs > oldestMs) continue;
      this.#running.delete(id);
      this.#clientTokens.forget(clientToken);
    }
  }
}

/** `work`, which is in `underWay` until it has settled. */
function keepUntilSettled<T>(work: Promise<T>, underWay: Set<Promise<unknown>>): Promise<T> {
  underWay.add(work);
  const forget = () => void underWay.delete(work);
  work.then(forget, forget);
  return work;
}
