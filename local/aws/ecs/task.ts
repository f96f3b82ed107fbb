import type { ProcessIdentity } from '../../processes/process-table.ts';
import type { Account } from '../events/event-bus.ts';
import type { TaskContainer } from './task-container.ts';

export type StopCode = 'EssentialContainerExited' | 'UserInitiated' | 'TerminationNotice';

/** A task as ECS tells of it. Times are in milliseconds. */
export interface Task {
  readonly id: string;
  readonly arn: string;
  readonly cluster: string;
  readonly family: string;
  /** The name and port that its task definition gives its container. */
  readonly containerName: string;
  readonly containerPort: number;
  readonly stopTimeoutSeconds: number;
  readonly startedBy?: string | undefined;
  readonly clientToken?: string | undefined;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly stoppedAtMs?: number;
  readonly lastStatus: 'PROVISIONING' | 'RUNNING' | 'STOPPED';
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  /** On this machine: */
  readonly proxyHost: string;
  readonly hostPort: number;
  readonly process?: ProcessIdentity | undefined;
  /** The user of the task's own that Chrome runs as; only when this machine runs as root. */
  readonly uid?: number | undefined;
  /** The folder for everything the session writes. */
  readonly sessionFolder?: string | undefined;
  /** The container it runs in; none when it is a process of this machine. */
  readonly container?: TaskContainer | undefined;
}

export const ecsArn = ({ region, accountId }: Account, resource: string): string =>
  `arn:aws:ecs:${region}:${accountId}:${resource}`;

/**
 * The task as DescribeTasks and the state-change events have it, as far as anyone here reads it; `time` says how a time is
 * written. `overrides` are left out on purpose: they hold the session's token, which must not be in events and logs.
 */
export function describeTask<Time>(task: Task, account: Account, time: (ms: number) => Time): object {
  const timeOf = (ms: number | undefined) => (ms === undefined ? undefined : time(ms));
  const { lastStatus, desiredStatus, startedBy, stopCode, stoppedReason, exitCode } = task;
  const { proxyHost: bindIP, containerPort, hostPort } = task;
  const container = {
    name: task.containerName,
    lastStatus: lastStatus === 'PROVISIONING' ? 'PENDING' : lastStatus,
    exitCode,
    networkBindings: [{ bindIP, containerPort, hostPort, protocol: 'tcp' }],
  };
  // Through JSON, which leaves out what is undefined.
  return JSON.parse(
    JSON.stringify({
      taskArn: task.arn,
      clusterArn: ecsArn(account, `cluster/${task.cluster}`),
      taskDefinitionArn: ecsArn(account, `task-definition/${task.family}:1`),
      lastStatus,
      desiredStatus,
      startedBy,
      stopCode,
      stoppedReason,
      createdAt: timeOf(task.createdAtMs),
      startedAt: timeOf(task.startedAtMs),
      stoppedAt: timeOf(task.stoppedAtMs),
      containers: [container],
    }),
  ) as object;
}
