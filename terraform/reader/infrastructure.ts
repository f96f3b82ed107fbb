/**
 * What stands around the bundles, as one machine wants it: tables, indexes, streams, queues, filter policies, rules,
 * functions and their environment. Read from terraform/modules/platform when dist/ is built.
 *
 * Routes are not here: they are read from functions/openapi.json.
 */

import type { ByModule } from './by-module.ts';

export interface TableSpec {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey?: string;
  readonly indexes: readonly { readonly name: string; readonly hashKey: string; readonly rangeKey: string }[];
  /** NEW_AND_OLD_IMAGES to this function, in batches of up to so many records, for which the first one waits so long. */
  readonly streamTo?: string;
  readonly streamBatchSize?: number;
  readonly streamBatchingWindowMs?: number;
  readonly ttlAttribute?: string;
}

export interface QueueSpec {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  /** How often a message is handed out before it is given up. */
  readonly maxReceives?: number;
  /** The function that works it off, in batches of up to so many messages. */
  readonly handTo?: string;
  readonly batchSize?: number;
}

export interface SubscriptionSpec {
  readonly queue: string;
  /** SNS filter policy on message attributes, raw delivery on. */
  readonly filterPolicy: Readonly<Record<string, readonly string[]>>;
}

/** A statement of a role's policy, in IAM's own words; a single action or resource is a list of one. */
export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** By operator, then by key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A role, and all that it may do. */
export interface RoleSpec {
  readonly role: string;
  readonly statements: readonly PolicyStatement[];
}

export interface FunctionSpec extends RoleSpec {
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** An event matches when each field has one of its values. */
export interface EventPattern {
  readonly [field: string]: readonly string[] | EventPattern;
}

export interface RuleSpec {
  readonly name: string;
  readonly bus: string;
  readonly pattern: EventPattern;
  readonly target: string;
}

export interface ScheduleSpec {
  readonly name: string;
  readonly everySeconds: number;
  readonly target: string;
}

/** What has a name, and nothing else that one machine needs to know. */
export interface NamedSpec {
  readonly name: string;
}

export interface BucketSpec extends NamedSpec {
  /** Objects whose keys begin with this are deleted so many days after they were put. */
  readonly expiry: readonly { readonly prefix: string; readonly days: number }[];
  /** A replaced object can be had back for so many days; null: there are no versions. */
  readonly oldVersionDays: number | null;
  /** Pages of these origins may read what a signed URL gives them. */
  readonly readableFrom: readonly string[];
}

export interface TopicSpec {
  readonly arn: string;
  readonly subscriptions: readonly SubscriptionSpec[];
}

/** A task definition of one container with one port. */
export interface TaskSpec {
  readonly family: string;
  /** The container's name, which is its bundle's as well. */
  readonly container: string;
  readonly port: number;
  readonly stopTimeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** ARNs of the roles that whoever starts the task hands on to it. */
  readonly roles: readonly string[];
}

export interface RouterSpec extends RoleSpec {
  /** The tables that it is told; all else it knows by itself. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Everything but the addresses, which are known only when the machine runs. */
export interface Infrastructure {
  readonly region: string;
  readonly accountId: string;
  readonly tables: ByModule<
    TableSpec,
    | 'sessions'
    | 'projects'
    | 'apiKeys'
    | 'audit'
    | 'contexts'
    | 'extensions'
    | 'certificates'
    | 'publicKeys'
    | 'warmPool'
  >;
  readonly buckets: ByModule<BucketSpec, 'artifacts' | 'contexts'>;
  readonly topics: ByModule<TopicSpec, 'ready'>;
  /** Those that topics send to, and those that functions work off. */
  readonly queues: readonly QueueSpec[];
  readonly secrets: ByModule<NamedSpec, 'tokenKeys'>;
  /** Besides the account's own bus, `default`, which AWS's own events go to. */
  readonly buses: readonly NamedSpec[];
  readonly clusters: ByModule<NamedSpec, 'browsers'>;
  readonly tasks: ByModule<TaskSpec, 'browsers'>;
  readonly rules: readonly RuleSpec[];
  readonly schedules: readonly ScheduleSpec[];
  /** The Lambdas by name, with all the environment they read; AWS_ENDPOINT stands for the stand-ins' address. */
  readonly functions: Readonly<Record<string, FunctionSpec>>;
  readonly router: RouterSpec;
}
