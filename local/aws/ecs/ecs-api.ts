import type { Account } from '../events/envelope.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createJsonService, type JsonObject } from '../wire/json-service.ts';
import { type EcsCatalogue, readCluster, readEcs, readRunTask } from './run-task-input.ts';
import { describeTask, ecsArn, type Task } from './task.ts';
import type { TaskSupervisor } from './task-supervisor.ts';

export interface EcsApiOptions {
  readonly account: Account;
  readonly catalogue: EcsCatalogue;
  readonly supervisor: Pick<TaskSupervisor, 'run' | 'stop' | 'find' | 'list'>;
}

const MAX_LISTED = 100;
const MAX_DESCRIBED = 100;

const idOf = (taskArn: string): string => taskArn.split('/').at(-1) ?? '';

/** ECS: RunTask, StopTask, DescribeTasks and ListTasks, on processes of this machine. */
export function createEcsApi(options: EcsApiOptions): AwsService {
  return createJsonService({
    targetPrefix: 'AmazonEC2ContainerServiceV20141113',
    version: '1.1',
    operations: {
      RunTask: (input) => runTask(input, options),
      StopTask: (input) => stopTask(input, options),
      DescribeTasks: (input) => describeTasks(input, options),
      ListTasks: (input) => listTasks(input, options),
    },
  });
}

const describe = (task: Task, { account }: EcsApiOptions): object =>
  describeTask(task, account, (ms) => ms / 1000);

async function runTask(input: JsonObject, options: EcsApiOptions): Promise<object> {
  const request = readRunTask(input, options.catalogue);
  const result = await options.supervisor.run(request);
  if ('id' in result) return { tasks: [describe(result, options)], failures: [] };
  const arn = ecsArn(options.account, `cluster/${request.cluster}`);
  return { tasks: [], failures: [{ arn, ...result }] };
}

function stopTask(input: JsonObject, options: EcsApiOptions): object {
  readEcs.only('StopTask', input, ['cluster', 'task', 'reason']);
  readCluster(input, options.catalogue);
  const reason = readEcs.optionalText(input, 'reason') ?? 'Task stopped by user';
  const task = options.supervisor.stop(idOf(readEcs.text(input, 'task')), reason);
  if (task !== undefined) return { task: describe(task, options) };
  throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
}

function describeTasks(input: JsonObject, options: EcsApiOptions): object {
  readEcs.only('DescribeTasks', input, ['cluster', 'tasks']);
  readCluster(input, options.catalogue);
  const arns = readEcs.texts(input, 'tasks');
  if (arns.length === 0 || arns.length > MAX_DESCRIBED) {
    throw new AwsError('InvalidParameterException', `tasks must have 1 to ${MAX_DESCRIBED} members`);
  }
  const found = arns.flatMap((arn) => options.supervisor.find(idOf(arn)) ?? []);
  return { tasks: found.map((task) => describe(task, options)) };
}

function listTasks(input: JsonObject, { catalogue, supervisor }: EcsApiOptions): object {
  readEcs.only('ListTasks', input, ['cluster', 'desiredStatus', 'maxResults', 'nextToken']);
  const cluster = readCluster(input, catalogue);
  const desiredStatus = readEcs.optionalText(input, 'desiredStatus') ?? 'RUNNING';
  const maxResults = readEcs.optionalInteger(input, 'maxResults', { min: 1, max: MAX_LISTED }) ?? MAX_LISTED;
  // The token is the last ARN of the page before.
  const after = readEcs.optionalText(input, 'nextToken') ?? '';
  const arns = supervisor
    .list()
    .filter((task) => task.cluster === cluster && task.desiredStatus === desiredStatus)
    .map(({ arn }) => arn)
    .filter((arn) => arn > after)
    .sort();
  const taskArns = arns.slice(0, maxResults);
  return { taskArns, ...(taskArns.length < arns.length ? { nextToken: taskArns.at(-1) } : {}) };
}
