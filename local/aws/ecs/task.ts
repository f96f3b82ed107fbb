import type { ProcessIdentity } from '../../processes/process-identity.ts';
import type { TaskContainer } from './task-container.ts';

export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'TerminationNotice';

/** A task as ECS tells of it. Times are in milliseconds. */
export interface Task {
  readonly id: string;
  readonly arn: string;
  readonly startedBy?: string;
  readonly group: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly stoppingAtMs?: number;
  readonly stoppedAtMs?: number;
  readonly lastStatus: 'PROVISIONING' | 'RUNNING' | 'STOPPED';
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  readonly version: number;
  /** On this machine: */
  readonly hostPort: number;
  readonly process?: ProcessIdentity;
  /** The user of the task's own that Chrome runs as; only when this machine runs as root. */
  readonly uid?: number;
  /** The folder for everything the session writes. */
  readonly sessionFolder?: string;
  /** The container it runs in; none when it is a process of this machine. */
  readonly container?: TaskContainer;
}

/** What of the infrastructure a task's description needs. */
export interface TaskContext {
  readonly region: string;
  readonly accountId: string;
  readonly cluster: string;
  readonly family: string;
  readonly container: string;
  readonly proxyPort: number;
  readonly proxyHost: string;
}

const arn = ({ region, accountId }: TaskContext, resource: string): string =>
  `arn:aws:ecs:${region}:${accountId}:${resource}`;

export const taskArn = (context: TaskContext, id: string): string =>
  arn(context, `task/${context.cluster}/${id}`);
export const clusterArn = (context: TaskContext): string => arn(context, `cluster/${context.cluster}`);
export const taskDefinitionArn = (context: TaskContext): string =>
  arn(context, `task-definition/${context.family}:1`);

/**
 * The task as DescribeTasks and the state-change events have it, `time` saying how a time is written. `overrides` are
 * left out on purpose: they hold the session's token, which has no place in events and logs.
 */
export function describeTask<Time>(task: Task, context: TaskContext, time: (ms: number) => Time): object {
  const times = {
    createdAt: task.createdAtMs,
    startedAt: task.startedAtMs,
    stoppingAt: task.stoppingAtMs,
    stoppedAt: task.stoppedAtMs,
  };
  const isStopped = task.lastStatus === 'STOPPED';
  return {
    taskArn: task.arn,
    clusterArn: clusterArn(context),
    taskDefinitionArn: taskDefinitionArn(context),
    group: task.group,
    launchType: 'FARGATE',
    platformFamily: 'Linux',
    availabilityZone: `${context.region}a`,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    version: task.version,
    tags: task.tags,
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    ...Object.fromEntries(
      Object.entries(times).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, time(ms)]])),
    ),
    containers: [
      {
        containerArn: arn(context, `container/${context.cluster}/${task.id}/${context.container}`),
        taskArn: task.arn,
        name: context.container,
        lastStatus: isStopped ? 'STOPPED' : task.lastStatus === 'RUNNING' ? 'RUNNING' : 'PENDING',
        ...(task.exitCode === undefined ? {} : { exitCode: task.exitCode }),
        networkBindings: [
          {
            bindIP: context.proxyHost,
            containerPort: context.proxyPort,
            hostPort: task.hostPort,
            protocol: 'tcp',
          },
        ],
        networkInterfaces: [{ attachmentId: task.id, privateIpv4Address: context.proxyHost }],
      },
    ],
  };
}
