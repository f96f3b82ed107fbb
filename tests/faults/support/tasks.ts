import { randomUUID } from 'node:crypto';
import type { Answers } from '../../contract/support/deployed-functions.ts';

interface Task {
  readonly taskArn: string;
  readonly startedBy: string;
  /** In seconds, as ECS has it. */
  readonly createdAt: number;
}

/** What ECS runs: what was started, and not stopped. */
export function createTasks() {
  const tasks = new Map<string, Task>();
  function run(startedBy: string): string {
    const known = [...tasks.values()].find((task) => task.startedBy === startedBy);
    // By its client token.
    if (known !== undefined) return known.taskArn;
    const taskArn = `arn:aws:ecs:us-west-2:0:task/c/${randomUUID().replaceAll('-', '')}`;
    tasks.set(taskArn, { taskArn, startedBy, createdAt: Date.now() / 1000 });
    return taskArn;
  }
  const running = () => [...tasks.values()].map(({ startedBy }) => startedBy);
  return {
    run,
    running,
    isRunning: (startedBy: string) => running().includes(startedBy),
    stopAll: () => tasks.clear(),
    answersOf: (usual: Answers): Answers => ({
      ...usual,
      RunTask: (asked) => ({ tasks: [{ taskArn: run(asked.startedBy) }] }),
      StopTask: ({ task }) => {
        tasks.delete(task);
        return {};
      },
      ListTasks: () => ({ taskArns: [...tasks.keys()] }),
      DescribeTasks: () => ({ tasks: [...tasks.values()] }),
    }),
  };
}
