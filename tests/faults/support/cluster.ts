import type { RunningTask } from '../../../core/aws/browsers/list-running-tasks.ts';
import { TaskNotPlacedError } from '../../../core/aws/browsers/run-browser-task.ts';
import type { TaskStateChange } from '../../../functions/task-processor/task-event.ts';
import type { Random } from './random.ts';
import type { Turns } from './turns.ts';

/** How often an event is lost, or comes twice; and how often a start is refused, or done and not heard of. */
export interface ClusterFaults {
  readonly lost: number;
  readonly doubled: number;
  readonly notPlaced: number;
  readonly unheardStart: number;
}

/** What runs in a task. */
export interface Container {
  /** SIGTERM. */
  stop(): void;
  /** SIGKILL, or the end of its machine: it says nothing any more. */
  kill(): void;
}

export interface ClusterDeps {
  readonly turns: Turns;
  readonly random: Random;
  readonly faults: ClusterFaults;
  readonly onEvent: (event: TaskStateChange) => Promise<void>;
}

export type Launch = (task: Task) => Container;

export interface Task {
  readonly taskArn: string;
  readonly startedBy: string;
  readonly host: string;
  /** Of the container itself, when it has ended. */
  readonly exit: (exitCode: number) => void;
}

export type Cluster = ReturnType<typeof createCluster>;

// EventBridge tries for a day; what still fails then is as good as lost.
const DELIVERIES = 4;

/** ECS: tasks that run, and the events of theirs that come late, twice, in any order, or never. */
export function createCluster({ turns, random, faults, onEvent }: ClusterDeps) {
  const running = new Map<string, RunningTask & { readonly container: Container }>();
  let tasks = 0;

  function tell(event: TaskStateChange['detail']): void {
    const chance = random.next();
    if (chance < faults.lost) return;
    const copies = chance < faults.lost + faults.doubled ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) void deliver({ detail: event });
  }

  async function deliver(event: TaskStateChange): Promise<void> {
    const { lastStatus, startedBy } = event.detail;
    for (let delivery = 1; delivery <= DELIVERIES; delivery++) {
      try {
        await turns.take(`event: ${startedBy} ${lastStatus}`, async () => undefined);
        return await onEvent(event);
      } catch {
        // It is delivered again, as EventBridge does.
      }
    }
  }

  /** `isTold`: its events come; a task that ran before the test began has had its own. */
  function run(startedBy: string, launch: Launch, { isTold = true } = {}): Task {
    const number = ++tasks;
    const taskArn = `arn:task-${number}`;
    const host = `10.0.0.${number}`;
    const exit = (exitCode: number) => {
      if (!running.delete(taskArn)) return;
      const containers = [{ name: 'controller', exitCode }];
      tell({ taskArn, startedBy, lastStatus: 'STOPPED', containers });
    };
    const task = { taskArn, startedBy, host, exit };
    const container = launch(task);
    running.set(taskArn, { taskArn, startedBy, createdAt: new Date(turns.clock.now()), container });
    const details = [{ name: 'privateIPv4Address', value: host }];
    if (isTold) tell({ taskArn, startedBy, lastStatus: 'RUNNING', attachments: [{ type: 'eni', details }] });
    return task;
  }

  return {
    run,
    async runTask(startedBy: string, launch: Launch): Promise<string> {
      const chance = random.next();
      if (chance < faults.notPlaced) throw new TaskNotPlacedError('RESOURCE:CPU');
      const { taskArn } = run(startedBy, launch);
      if (chance < faults.notPlaced + faults.unheardStart) throw new Error('no answer from ECS');
      return taskArn;
    },
    stopTask: async (taskArn: string): Promise<void> => running.get(taskArn)?.container.stop(),
    running: () => [...running.values()],
  };
}
