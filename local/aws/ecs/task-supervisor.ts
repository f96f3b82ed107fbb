import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '../../../core/log/logger.ts';
import { pause } from '../../processes/pause.ts';
import { identityOf, sendSignal } from '../../processes/process-identity.ts';
import { AwsError } from '../wire/aws-error.ts';
import { endLeftovers } from './end-leftovers.ts';
import { awaitTaskExit, launchTask, type TaskExit, type TaskLauncherOptions } from './launch-task.ts';
import { newTask } from './new-task.ts';
import type { RunTaskInput } from './run-task-input.ts';
import type { Task, TaskContext } from './task.ts';
import { keepTaskLog, pruneTaskLogs } from './task-log.ts';
import type { TaskPlaces } from './task-places.ts';
import type { TaskRecords } from './task-records.ts';

/** RunTask could not place the task: what ECS answers in `failures`. */
export interface PlacementFailure {
  readonly reason: string;
  readonly detail: string;
}

export interface TaskSupervisor {
  run(input: RunTaskInput): Promise<Task | PlacementFailure>;
  /** Asks the task to end: SIGTERM, and SIGKILL after the task definition's stop time-out. */
  stop(taskId: string, reason: string): Task | undefined;
  find(taskId: string): Task | undefined;
  list(): readonly Task[];
  /**
   * Ends all tasks, by force after `graceMs`, and from now on places none. Resolves when nothing of them runs; their
   * last events are on the way.
   */
  stopAll(reason: string, graceMs: number): Promise<void>;
}

export interface TaskSupervisorOptions {
  readonly launcher: TaskLauncherOptions;
  readonly context: TaskContext;
  readonly places: TaskPlaces;
  readonly records: TaskRecords;
  readonly folders: { readonly taskLogs: string; readonly compileCache: string };
  readonly stopTimeoutMs: number;
  /** Tells of a new state. False when nobody could be told. */
  announce(task: Task): Promise<boolean>;
  readonly logger: Logger;
  readonly now: () => Date;
}

interface Entry {
  task: Task;
  readonly child: ChildProcess;
  killTimer?: NodeJS.Timeout;
  /** Resolves when nothing of the task runs any more. */
  ended: Promise<void>;
}

/** A RunTask with a client token: the same request again gets the same task, also while the first is under way. */
interface KnownRequest {
  readonly fingerprint: string;
  readonly result: Promise<Task | PlacementFailure>;
  taskId?: string;
}

/** ECS too forgets stopped tasks after a while. */
const REMEMBER_STOPPED_MS = 60 * 60_000;

const STOPPING: PlacementFailure = { reason: 'RESOURCE:STOPPING', detail: 'The machine is stopping' };

/** Runs tasks as child processes, and follows each to its end. */
export function createTaskSupervisor(options: TaskSupervisorOptions): TaskSupervisor {
  const { places, records, logger } = options;
  const entries = new Map<string, Entry>();
  const byClientToken = new Map<string, KnownRequest>();
  const starting = new Set<Promise<unknown>>();
  let isStopping = false;
  const nowMs = (): number => options.now().getTime();

  const update = (entry: Entry, change: Partial<Task>): void => {
    entry.task = { ...entry.task, ...change, version: entry.task.version + 1 };
    records.save(entry.task);
  };

  const forgetOld = (): void => {
    for (const { task } of [...entries.values()]) {
      if (task.stoppedAtMs === undefined || task.stoppedAtMs > nowMs() - REMEMBER_STOPPED_MS) continue;
      entries.delete(task.id);
    }
    for (const [token, { taskId }] of [...byClientToken]) {
      if (taskId !== undefined && !entries.has(taskId)) byClientToken.delete(token);
    }
  };

  const start = (input: RunTaskInput): Promise<Task | PlacementFailure> => {
    const result = place(input);
    starting.add(result);
    const forget = () => void starting.delete(result);
    result.then(forget, forget);
    return result;
  };

  const place = async (input: RunTaskInput): Promise<Task | PlacementFailure> => {
    const found = await places.take();
    if (found === undefined)
      return { reason: 'RESOURCE:PORTS', detail: 'No free port or user for another task' };
    const task = newTask(input, found, options);
    if (isStopping) return giveUp(task, STOPPING);
    let child: ChildProcess;
    try {
      // Before it runs: should this process be killed right after the spawn, the next start knows what to end.
      records.save(task);
      const { environment } = input;
      const { compileCache } = options.folders;
      const { sessionFolder } = task;
      child = await launchTask(options.launcher, { environment, compileCache, sessionFolder, ...found });
    } catch (error) {
      logger.error('A task cannot be started', { error });
      return giveUp(task, { reason: 'TaskFailedToStart', detail: (error as Error).message });
    }
    const identity = child.pid === undefined ? undefined : identityOf(child.pid);
    return follow({ ...task, ...(identity === undefined ? {} : { process: identity }) }, child);
  };

  const giveUp = (task: Task, failure: PlacementFailure): PlacementFailure => {
    records.forget(task.id);
    places.giveBack(task);
    return failure;
  };

  const follow = async (provisioning: Task, child: ChildProcess): Promise<Task | PlacementFailure> => {
    const exit = awaitTaskExit(child);
    const entry: Entry = { task: provisioning, child, ended: Promise.resolve() };
    if (isStopping) {
      kill(entry);
      followLog(child, provisioning.id);
      await exit;
      await endLeftovers(provisioning);
      return giveUp(provisioning, STOPPING);
    }
    entries.set(provisioning.id, entry);
    entry.ended = exit.then((how) => finish(entry, how));
    followLog(child, provisioning.id);
    update(entry, { lastStatus: 'RUNNING', startedAtMs: nowMs() });
    void options.announce(entry.task);
    return provisioning;
  };

  const startOnce = (clientToken: string, fingerprint: string, input: RunTaskInput): KnownRequest => {
    const known: KnownRequest = { fingerprint, result: start(input) };
    byClientToken.set(clientToken, known);
    const forget = () => byClientToken.delete(clientToken);
    // A request that started nothing may be made again.
    known.result.then((task) => {
      if ('id' in task) known.taskId = task.id;
      else forget();
    }, forget);
    return known;
  };

  const followLog = (child: ChildProcess, id: string): void => {
    pruneTaskLogs(options.folders.taskLogs);
    const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
    const file = join(options.folders.taskLogs, `${id}.log`);
    void keepTaskLog(streams, { file, onLine: (line) => options.launcher.onLog(line, id) });
  };

  const finish = async (entry: Entry, { exitCode }: TaskExit): Promise<void> => {
    clearTimeout(entry.killTimer);
    try {
      if (!(await endLeftovers(entry.task)))
        logger.error('A task left processes behind', { taskId: entry.task.id });
    } catch (error) {
      logger.error('What a task left cannot be removed', { taskId: entry.task.id, error });
    }
    places.giveBack(entry.task);
    update(entry, {
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      exitCode,
      stoppedAtMs: nowMs(),
      stopCode: entry.task.stopCode ?? 'EssentialContainerExited',
      stoppedReason: entry.task.stoppedReason ?? 'Essential container in task exited',
    });
    void tellEnd(entry.task);
  };

  const tellEnd = async (task: Task): Promise<void> => {
    if (await options.announce(task)) records.forget(task.id);
    else logger.error('The end of a task could not be told; the next start tries again', { taskId: task.id });
  };

  const stop = (entry: Entry, reason: string): Task => {
    if (entry.task.desiredStatus === 'RUNNING') {
      update(entry, {
        desiredStatus: 'STOPPED',
        stopCode: 'UserInitiated',
        stoppedReason: reason,
        stoppingAtMs: nowMs(),
      });
      entry.child.kill('SIGTERM');
      entry.killTimer = setTimeout(() => kill(entry), options.stopTimeoutMs);
    }
    return entry.task;
  };

  const kill = ({ child }: Entry): void => {
    const hasExited = child.exitCode !== null || child.signalCode !== null;
    if (!hasExited && child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
  };

  return {
    run(input) {
      forgetOld();
      const { clientToken } = input;
      if (clientToken === undefined) return start(input);
      const fingerprint = createHash('sha256').update(JSON.stringify(input)).digest('hex');
      const known = byClientToken.get(clientToken) ?? startOnce(clientToken, fingerprint, input);
      if (known.fingerprint === fingerprint) return known.result;
      throw new AwsError('ConflictException', 'The client token was used with other parameters.');
    },
    stop(taskId, reason) {
      const entry = entries.get(taskId);
      return entry === undefined ? undefined : stop(entry, reason);
    },
    find: (taskId) => entries.get(taskId)?.task,
    list: () => [...entries.values()].map(({ task }) => task),
    async stopAll(reason, graceMs) {
      // From here on a start adds no entry: it ends what it has spawned, which is waited for.
      isStopping = true;
      const all = [...entries.values()];
      for (const entry of all) stop(entry, reason);
      const ended = Promise.all([...all.map((entry) => entry.ended), Promise.allSettled(starting)]);
      const patience = new AbortController();
      await Promise.race([ended, pause(graceMs, patience.signal)]);
      patience.abort();
      for (const entry of all) kill(entry);
      // Bounded by the rounds of endLeftovers.
      await ended;
    },
  };
}
