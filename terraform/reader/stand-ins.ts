/**
 * What exists only on AWS, and what stands for it on one machine. Everything else is as the Terraform says; something
 * that the Terraform refers to and that is neither there nor here is a fault.
 */
import type { StandIns } from './resource.ts';
import type { ValueMap } from './values.ts';

export const REGION = 'us-west-2';
export const ACCOUNT_ID = '000000000000';
/** In place of the address of the stand-ins, which is known only when they run. */
export const AWS_ENDPOINT = 'http://aws-endpoint.invalid';

/** The machine as an environment of the platform, beside terraform/envs. */
export const ENVIRONMENT: ValueMap = {
  project: 'wallcrawler',
  environment: 'local',
  image_tag: 'local',
  connect: 'direct',
  network: { nat: 'none' },
  alarms: { monthly_budget_usd: 0 },
  enable_account_logging: false,
  // So that there is a keeper; how many it keeps is said when the machine starts (local/start/run-bundles.ts).
  warm: { min: 1, max: 1, vcpu_quota: 1000 },
};

/** What differs where sessions are reached through the router. */
export const ROUTED: ValueMap = { connect: 'router', network: { nat: 'one' } };

/** Modules that one machine has no part of, with what the others ask of them. */
const ABSENT_MODULES: StandIns['absentModules'] = {
  // The gateway is read from functions/openapi.json.
  rest_api: { domain_name: 'localhost', stage_name: 'local' },
  // Answers are fetched from the gateway itself.
  edge: { domain_name: 'localhost' },
  // Everything listens on the loopback interface.
  network: { id: 'vpc-local', public_subnet_ids: ['subnet-local'], private_subnet_ids: ['subnet-local'] },
};

/** Variables that one machine leaves out, and why. */
export const ABSENT_VARIABLES: Readonly<Record<string, string>> = {
  CONNECT_DIRECT:
    'the address in the event of a task is the one that clients use, and there is no EC2 to ask',
  UNSEEN_CONNECT_MS:
    'the gateway sees the connection of a caller close, and the create ends its session then',
  CONTAINER_API_URL: 'the machine knows its one port when it runs, and tells it then',
};

/** Data sources, by type. */
const DATA: StandIns['data'] = {
  aws_caller_identity: { account_id: ACCOUNT_ID },
  aws_partition: { partition: 'aws', dns_suffix: 'amazonaws.com' },
  aws_region: { region: REGION },
};

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;

/** What AWS makes up when it creates a resource, by type and attribute. */
const COMPUTED: StandIns['computed'] = {
  aws_cloudwatch_event_bus: { arn: (argument) => arn('events', `event-bus/${argument('name')}`) },
  aws_cloudwatch_event_rule: { arn: (argument) => arn('events', `rule/${argument('name')}`) },
  aws_cloudwatch_log_group: { arn: (argument) => arn('logs', `log-group:${argument('name')}`) },
  aws_dynamodb_table: {
    arn: (argument) => arn('dynamodb', `table/${argument('name')}`),
    stream_arn: (argument) => arn('dynamodb', `table/${argument('name')}/stream/local`),
  },
  aws_ecs_cluster: { arn: (argument) => arn('ecs', `cluster/${argument('name')}`) },
  aws_ecs_task_definition: {
    arn: (argument) => arn('ecs', `task-definition/${argument('family')}:1`),
    arn_without_revision: (argument) => arn('ecs', `task-definition/${argument('family')}`),
  },
  aws_ecr_repository: {
    arn: (argument) => arn('ecr', `repository/${argument('name')}`),
    repository_url: (argument) => `${argument('name')}.invalid`,
  },
  aws_iam_role: {
    arn: (argument) => `arn:aws:iam::${ACCOUNT_ID}:role/${argument('name')}`,
    id: (argument) => argument('name'),
  },
  aws_lambda_function: { arn: (argument) => arn('lambda', `function:${argument('function_name')}`) },
  aws_s3_bucket: { arn: (argument) => `arn:aws:s3:::${argument('bucket')}` },
  aws_secretsmanager_secret: { arn: (argument) => arn('secretsmanager', `secret:${argument('name')}`) },
  aws_security_group: { id: (argument) => `sg-${argument('name')}` },
  aws_sns_topic: { arn: (argument) => arn('sns', argument('name')) },
  aws_sqs_queue: {
    arn: (argument) => arn('sqs', argument('name')),
    url: (argument) => `${AWS_ENDPOINT}/${ACCOUNT_ID}/${argument('name')}`,
  },
};

/** All that stands for AWS on one machine. The evaluator is handed it and knows nothing of it by itself. */
export const MACHINE: StandIns = { absentModules: ABSENT_MODULES, data: DATA, computed: COMPUTED };
