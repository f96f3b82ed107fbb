/** What AWS asks of a caller's policy before it carries out a call: usually the action of the call's own name. */
import type { JsonObject } from '../wire/json-service.ts';
import type { AccessRequest } from './decide.ts';
import { dynamodbRequests } from './dynamodb-requests.ts';
import { ecsRequests } from './ecs-requests.ts';

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
export type ArnOf = (service: string, resource: string) => string;

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
  if (service === 'ecs') return ecsRequests(operation, input, { arnOf, taskRoles: account.taskRoles });
  const resources = RESOURCES[service]?.(input, arnOf) ?? [NO_RESOURCE];
  return resources.map((resource) => ({ action: `${service}:${operation}`, resource }));
}
