/**
 * What stands around the bundles, as one machine wants it: tables, indexes, streams, queues, filter policies, rules,
 * functions and their environment. Read from terraform/modules/platform when dist/ is built.
 *
 * Routes are not here: they are read from functions/openapi.json.
 */

export interface TableSpec {
  readonly name: string;
  readonly hashKey: string;
  readonly indexes: readonly { readonly name: string; readonly hashKey: string; readonly rangeKey: string }[];
  /** NEW_AND_OLD_IMAGES to this function, in batches of up to so many records. */
  readonly streamTo?: string;
  readonly streamBatchSize?: number;
  readonly ttlAttribute?: string;
}

export interface QueueSpec {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
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

/** Everything but the addresses, which are known only when the machine runs. */
export interface Infrastructure {
  readonly region: string;
  readonly accountId: string;
  readonly tables: readonly TableSpec[];
  readonly contextsBucket: string;
  readonly readyTopic: { readonly arn: string; readonly subscriptions: readonly SubscriptionSpec[] };
  readonly queues: readonly QueueSpec[];
  readonly tokenKeysSecret: string;
  /** What the router reads tokens' public keys from. */
  readonly publicKeysTable: string;
  /** The tables that the router is told; all else it knows by itself. */
  readonly routerEnvironment: Readonly<Record<string, string>>;
  readonly routerRole: RoleSpec;
  /** The bus of the sessions' steps; AWS's own events go to `default`. */
  readonly eventBus: string;
  readonly cluster: string;
  readonly taskDefinition: {
    readonly family: string;
    readonly container: string;
    readonly proxyPort: number;
    readonly stopTimeoutSeconds: number;
    readonly environment: Readonly<Record<string, string>>;
    /** ARNs of the roles that whoever starts the task hands on to it. */
    readonly roles: readonly string[];
  };
  readonly rules: readonly RuleSpec[];
  readonly schedules: readonly ScheduleSpec[];
  /** The Lambdas by name, with all the environment they read; AWS_ENDPOINT stands for the stand-ins' address. */
  readonly functions: Readonly<Record<string, FunctionSpec>>;
}
