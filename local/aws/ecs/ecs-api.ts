import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createJsonService, type JsonObject } from '../wire/json-service.ts';
import { readEcs, readRunTask, requireCluster } from './run-task-input.ts';
import { clusterArn, describeTask, type Task, type TaskContext, taskArn } from './task.ts';
import type { TaskSupervisor } from './task-supervisor.ts';

const MAX_LISTED = 100;
const MAX_DESCRIBED = 100;

/** ECS: RunTask, StopTask, DescribeTasks and ListTasks of one cluster, on processes of this machine. */
export function createEcsApi(options: {
  readonly context: TaskContext;
  readonly supervisor: TaskSupervisor;
}): AwsService {
  const { context, supervisor } = options;
  const describe = (task: Task): object => describeTask(task, context, (ms) => ms / 1000);
  const idOf = (taskOrArn: string): string => taskOrArn.split('/').at(-1) ?? '';

  return createJsonService({
    targetPrefix: 'AmazonEC2ContainerServiceV20141113',
    version: '1.1',
    operations: {
      async RunTask(input) {
        const result = await supervisor.run(readRunTask(input, context));
        if ('id' in result) return { tasks: [describe(result)], failures: [] };
        return { tasks: [], failures: [{ arn: clusterArn(context), ...result }] };
      },
      StopTask(input) {
        readEcs.only('StopTask', input, ['cluster', 'task', 'reason']);
        requireCluster(input, context);
        const reason = readEcs.optionalText(input, 'reason') ?? 'Task stopped by user';
        const task = supervisor.stop(idOf(readEcs.text(input, 'task')), reason);
        if (task !== undefined) return { task: describe(task) };
        throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
      },
      DescribeTasks(input) {
        readEcs.only('DescribeTasks', input, ['cluster', 'tasks', 'include']);
        requireCluster(input, context);
        const ids = readEcs.texts(input, 'tasks').map(idOf);
        if (ids.length === 0 || ids.length > MAX_DESCRIBED) {
          throw new AwsError('InvalidParameterException', `tasks must have 1 to ${MAX_DESCRIBED} members`);
        }
        const missing = ids.filter((id) => supervisor.find(id) === undefined);
        return {
          tasks: ids.flatMap((id) => supervisor.find(id) ?? []).map(describe),
          failures: missing.map((id) => ({ arn: taskArn(context, id), reason: 'MISSING' })),
        };
      },
      ListTasks: (input) => listTasks(input, options),
    },
  });
}

function listTasks(
  input: JsonObject,
  { context, supervisor }: { context: TaskContext; supervisor: TaskSupervisor },
): object {
  readEcs.only('ListTasks', input, [
    'cluster',
    'startedBy',
    'desiredStatus',
    'family',
    'launchType',
    'maxResults',
    'nextToken',
  ]);
  requireCluster(input, context);
  const desiredStatus = readEcs.optionalText(input, 'desiredStatus') ?? 'RUNNING';
  const startedBy = readEcs.optionalText(input, 'startedBy');
  const isOther =
    (readEcs.optionalText(input, 'family') ?? context.family) !== context.family ||
    (readEcs.optionalText(input, 'launchType') ?? 'FARGATE') !== 'FARGATE';
  const maxResults = readEcs.optionalInteger(input, 'maxResults', { min: 1, max: MAX_LISTED }) ?? MAX_LISTED;
  // The token is the last ARN of the page before.
  const after = readEcs.optionalText(input, 'nextToken') ?? '';
  const arns = supervisor
    .list()
    .filter((task) => !isOther && task.desiredStatus === desiredStatus)
    .filter((task) => startedBy === undefined || task.startedBy === startedBy)
    .map(({ arn }) => arn)
    .sort()
    .filter((arn) => arn > after);
  const taskArns = arns.slice(0, maxResults);
  return { taskArns, ...(taskArns.length < arns.length ? { nextToken: taskArns.at(-1) } : {}) };
}
