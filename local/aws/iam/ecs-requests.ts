import type { JsonObject } from '../wire/json-service.ts';
import type { AccessRequest } from './decide.ts';
import type { ArnOf } from './requests.ts';

interface EcsAccount {
  readonly arnOf: ArnOf;
  readonly taskRoles: readonly string[];
}

/** What is named by its ARN or, shorter, by the end of it. */
const toArn = (nameOrArn: string, prefix: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : `${prefix}${nameOrArn}`;

/** Tasks are of a cluster, and a condition may say of which. Who starts one hands its roles on as well. */
export function ecsRequests(
  operation: string,
  input: JsonObject,
  { arnOf, taskRoles }: EcsAccount,
): AccessRequest[] {
  const cluster = toArn(String(input.cluster ?? 'default'), arnOf('ecs', 'cluster/'));
  const tasksPrefix = `${cluster.replace(':cluster/', ':task/')}/`;
  const inCluster = (resource: string): AccessRequest => ({
    action: `ecs:${operation}`,
    resource,
    conditions: { 'ecs:cluster': cluster },
  });
  switch (operation) {
    case 'RunTask':
      return [
        inCluster(toArn(String(input.taskDefinition), arnOf('ecs', 'task-definition/'))),
        ...taskRoles.map((resource) => ({
          action: 'iam:PassRole',
          resource,
          conditions: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
        })),
      ];
    case 'StopTask':
      return [inCluster(toArn(String(input.task), tasksPrefix))];
    case 'DescribeTasks':
      return [input.tasks ?? []].flat().map((task) => inCluster(toArn(String(task), tasksPrefix)));
    default:
      // ListTasks knows no resource on Fargate.
      return [inCluster('*')];
  }
}
