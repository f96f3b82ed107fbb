/** What AWS asks of a caller's policy before it carries out a call: usually the action of the call's own name. */
import type { JsonObject } from '../wire/json-service.ts';
import type { AccessRequest } from './decide.ts';

export interface AwsAccount {
  readonly region: string;
  readonly accountId: string;
  /** ARNs of the roles that who starts a task hands on to it. */
  readonly taskRoles: readonly string[];
}

/** A call, once its service has taken it apart. */
export interface ServiceCall {
  /** As signatures name it, which is what IAM calls it too. */
  readonly service: string;
  readonly operation: string;
  readonly input: JsonObject;
}

/** The ARN of something in this account and region. */
type ArnOf = (service: string, resource: string) => string;

type ResourcesOf = (input: JsonObject, arnOf: ArnOf) => readonly string[];

const NO_RESOURCE = '*';

/** By service, where each call is about what its input names. */
const RESOURCES: Readonly<Record<string, ResourcesOf>> = {
  events: ({ Entries = [] }, arnOf) =>
    (Entries as readonly JsonObject[]).map(({ EventBusName = 'default' }) =>
      arnOf('events', `event-bus/${EventBusName}`),
    ),
  // ListBucket is about the bucket, all else about an object.
  s3: ({ Bucket, Key }) => [`arn:aws:s3:::${Bucket}${Key === undefined ? '' : `/${Key}`}`],
  secretsmanager: ({ SecretId }, arnOf) => [arnOf('secretsmanager', `secret:${SecretId}`)],
  sns: ({ TopicArn }) => [String(TopicArn)],
  sqs: ({ QueueUrl }, arnOf) => [arnOf('sqs', String(QueueUrl).split('/').at(-1) ?? '')],
};

/** Everything that must be allowed for `call`. */
export function requestsOf({ service, operation, input }: ServiceCall, account: AwsAccount): AccessRequest[] {
  const arnOf: ArnOf = (ofService, resource) =>
    `arn:aws:${ofService}:${account.region}:${account.accountId}:${resource}`;
  if (service === 'dynamodb') return dynamodbRequests(operation, input, arnOf);
  if (service === 'ecs') return ecsRequests(operation, input, arnOf, account.taskRoles);
  const resources = RESOURCES[service]?.(input, arnOf) ?? [NO_RESOURCE];
  return resources.map((resource) => ({ action: `${service}:${operation}`, resource }));
}

/** A call is about its table, a batch about several, a query of an index about that index alone. */
function dynamodbRequests(operation: string, input: JsonObject, arnOf: ArnOf): AccessRequest[] {
  const tableArn = (name: unknown): string => arnOf('dynamodb', `table/${name}`);
  if (input.TransactItems !== undefined) {
    const items = input.TransactItems as readonly Readonly<
      Record<string, { readonly TableName?: unknown }>
    >[];
    return items.flatMap(Object.entries).map(([kind, write]) => ({
      // A transaction has no action of its own: each of its parts needs that of the single call.
      action: `dynamodb:${kind}Item`,
      resource: tableArn(write?.TableName),
    }));
  }
  const action = `dynamodb:${operation}`;
  if (input.RequestItems !== undefined) {
    return Object.keys(input.RequestItems as object).map((name) => ({ action, resource: tableArn(name) }));
  }
  const index = input.IndexName === undefined ? '' : `/index/${input.IndexName}`;
  return [{ action, resource: `${tableArn(input.TableName)}${index}` }];
}

/** What is named by its ARN or, shorter, by the end of it. */
const toArn = (nameOrArn: string, prefix: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : `${prefix}${nameOrArn}`;

/** Tasks are of a cluster, and a condition may say of which. Who starts one hands its roles on as well. */
function ecsRequests(
  operation: string,
  input: JsonObject,
  arnOf: ArnOf,
  taskRoles: readonly string[],
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
