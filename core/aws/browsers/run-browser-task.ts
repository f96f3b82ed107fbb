import { ECSClient, type ECSClientConfig, RunTaskCommand } from '@aws-sdk/client-ecs';
import type { CapacityProvider } from '../../domain/capacity-provider.ts';
import type { TaskSize } from '../../domain/task-size.ts';
import { AWS_CALL } from '../../domain/timing.ts';
import { awsClient } from '../aws-client.ts';
import type { BrowserCluster } from './browser-cluster.ts';

export interface BrowserTaskDefinition {
  readonly taskDefinition: string;
  readonly capacityProvider: CapacityProvider;
  readonly containerName: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
}

export interface BrowserTask {
  /** A session's id, or a warm id. */
  readonly startedBy: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Undefined: as the task definition says. */
  readonly size?: TaskSize | undefined;
}

// A throttled call waits up to 1, 2, 4, 8 and 16 s before the next: half of that as a rule, and never all of the 50 s that
// a create has.
const START_ATTEMPTS = 6;

/**
 * The client that starts containers. Fargate takes 20 RunTask a second from an account: who comes in a burst has a turn
 * some seconds later instead of a refusal.
 */
export const createStartingClient = (config: ECSClientConfig = {}): ECSClient =>
  new ECSClient({ ...awsClient(AWS_CALL.startAnswerMs), ...config, maxAttempts: START_ATTEMPTS });

/** ECS found no room for the task, for a reason such as RESOURCE:MEMORY. No container runs. */
export class TaskNotPlacedError extends Error {
  override readonly name = 'TaskNotPlacedError';
}

/**
 * Starts one container and returns its task's ARN. `startedBy`, a session's id or a warm id, is the idempotency token too,
 * so that the SDK's own retries never start a second browser.
 */
export async function runBrowserTask(
  { client, cluster }: BrowserCluster,
  definition: BrowserTaskDefinition,
  { startedBy, environment, size }: BrowserTask,
): Promise<string> {
  const command = new RunTaskCommand({
    cluster,
    taskDefinition: definition.taskDefinition,
    clientToken: startedBy,
    startedBy,
    count: 1,
    capacityProviderStrategy: [{ capacityProvider: definition.capacityProvider, weight: 1 }],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...definition.subnets],
        securityGroups: [...definition.securityGroups],
        assignPublicIp: definition.assignPublicIp ? 'ENABLED' : 'DISABLED',
      },
    },
    overrides: {
      ...(size === undefined ? {} : { cpu: String(size.cpu), memory: String(size.memory) }),
      containerOverrides: [
        {
          name: definition.containerName,
          environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
        },
      ],
    },
  });
  const { tasks, failures } = await client.send(command).catch(throwUnplaced);
  const taskArn = tasks?.[0]?.taskArn;
  if (taskArn === undefined) throw new TaskNotPlacedError(failures?.[0]?.reason ?? 'no reason given');
  return taskArn;
}

// ECS says each in a sentence of its most general exception: of AWS's own room, of Spot's more often, and of the account's.
const NO_ROOM = /^Capacity is unavailable|limit on the number of (vCPUs|tasks)/;

function throwUnplaced(error: Error): never {
  if (!NO_ROOM.test(error.message)) throw error;
  throw new TaskNotPlacedError(error.message, { cause: error });
}
