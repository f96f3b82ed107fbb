import * as z from 'zod';
import { CAPACITY_PROVIDERS } from '../../../core/domain/capacity-provider.ts';
import type { TaskSpec } from '../../../terraform/reader/infrastructure.ts';
import type { Account } from '../events/event-bus.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createJsonService, operation } from '../wire/json-service.ts';
import { describeTask, ecsArn, type Task } from './task.ts';
import type { TaskSupervisor } from './task-supervisor.ts';

/** What can be run, and where. */
export interface EcsCatalogue {
  readonly clusters: readonly string[];
  readonly definitions: readonly TaskSpec[];
}

export interface EcsApiOptions {
  readonly account: Account;
  readonly catalogue: EcsCatalogue;
  readonly supervisor: Pick<TaskSupervisor, 'run' | 'stop' | 'find' | 'list'>;
}

// Also the most that is listed or described at once.
const MAX_TASKS = 100;
const MAX_OVERRIDES_CHARACTERS = 8192;

const cluster = z.string().default('default');
const CONTAINER_OVERRIDES = z
  .array(
    z.strictObject({
      name: z.string().min(1),
      environment: z
        .array(z.strictObject({ name: z.string().min(1), value: z.string().default('') }))
        .default([]),
    }),
  )
  .refine((overrides) => JSON.stringify(overrides).length <= MAX_OVERRIDES_CHARACTERS, {
    error: `Container Overrides length must be at most ${MAX_OVERRIDES_CHARACTERS}`,
  });

/** RunTask as Fargate takes it, with all the limits that a Lambda meets on AWS. One task at a time. */
export const RUN_TASK = z.strictObject({
  cluster,
  taskDefinition: z.string().min(1),
  count: z.literal(1).default(1),
  clientToken: z.string().optional(),
  startedBy: z.string().optional(),
  capacityProviderStrategy: z
    .array(z.strictObject({ capacityProvider: z.enum(CAPACITY_PROVIDERS), weight: z.int().min(1) }))
    .length(1),
  networkConfiguration: z.object({ awsvpcConfiguration: z.object({ subnets: z.array(z.string()).min(1) }) }),
  overrides: z.strictObject({ containerOverrides: CONTAINER_OVERRIDES.default([]) }).optional(),
});
const STOP_TASK = z.strictObject({
  cluster,
  task: z.string().min(1),
  reason: z.string().default('Task stopped by user'),
});
const DESCRIBE_TASKS = z.strictObject({ cluster, tasks: z.array(z.string()).min(1).max(MAX_TASKS) });
const LIST_TASKS = z.strictObject({
  cluster,
  desiredStatus: z.enum(['RUNNING', 'STOPPED']).default('RUNNING'),
  maxResults: z.int().min(1).max(MAX_TASKS).default(MAX_TASKS),
  /** The last ARN of the page before. */
  nextToken: z.string().default(''),
});

/** ECS: RunTask, StopTask, DescribeTasks and ListTasks, on processes of this machine. */
export function createEcsApi({ account, catalogue, supervisor }: EcsApiOptions): AwsService {
  const describe = (task: Task): object => describeTask(task, account, (ms) => ms / 1000);
  return createJsonService({
    targetPrefix: 'AmazonEC2ContainerServiceV20141113',
    version: '1.1',
    invalidInput: 'InvalidParameterException',
    operations: {
      RunTask: operation(RUN_TASK, async (input) => {
        requireCluster(input, catalogue);
        const result = await supervisor.run(toRunTask(input, catalogue));
        if ('id' in result) return { tasks: [describe(result)], failures: [] };
        return { tasks: [], failures: [{ arn: ecsArn(account, `cluster/${input.cluster}`), ...result }] };
      }),
      StopTask: operation(STOP_TASK, (input) => {
        requireCluster(input, catalogue);
        const task = supervisor.stop(idOf(input.task), input.reason);
        if (task !== undefined) return { task: describe(task) };
        throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
      }),
      DescribeTasks: operation(DESCRIBE_TASKS, (input) => {
        requireCluster(input, catalogue);
        const found = input.tasks.flatMap((arn) => supervisor.find(idOf(arn)) ?? []);
        return { tasks: found.map(describe) };
      }),
      ListTasks: operation(LIST_TASKS, (input) => {
        requireCluster(input, catalogue);
        return listTasks(input, supervisor.list());
      }),
    },
  });
}

const idOf = (taskArn: string): string => taskArn.split('/').at(-1) ?? '';

function requireCluster(input: { readonly cluster: string }, { clusters }: EcsCatalogue): void {
  if (!clusters.includes(input.cluster)) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
}

/** What RunTask asks for, with the definition that it names: by family, with or without a revision, or by ARN. */
export function toRunTask(input: z.infer<typeof RUN_TASK>, { definitions }: EcsCatalogue) {
  const { taskDefinition, overrides, cluster, clientToken, startedBy } = input;
  const family = taskDefinition.replace(/^arn:aws:ecs:[\w-]+:\d+:task-definition\//, '').replace(/:\d+$/, '');
  const definition = definitions.find((each) => each.family === family);
  if (definition === undefined) throw new AwsError('ClientException', 'TaskDefinition not found.');
  const containers = overrides?.containerOverrides ?? [];
  const other = containers.find(({ name }) => name !== definition.container);
  if (other !== undefined) {
    const message = `Override for container named ${other.name} is not a container in the TaskDefinition.`;
    throw new AwsError('InvalidParameterException', message);
  }
  const variables = containers.flatMap(({ environment }) => environment);
  const environment = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  return { cluster, definition, environment, clientToken, startedBy };
}

function listTasks(input: z.infer<typeof LIST_TASKS>, tasks: readonly Task[]): object {
  const arns = tasks
    .filter((task) => task.cluster === input.cluster && task.desiredStatus === input.desiredStatus)
    .map(({ arn }) => arn)
    .filter((arn) => arn > input.nextToken)
    .sort();
  const taskArns = arns.slice(0, input.maxResults);
  return { taskArns, nextToken: taskArns.length < arns.length ? taskArns.at(-1) : undefined };
}
