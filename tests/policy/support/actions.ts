/** How calls of the SDK are called in IAM, and the deliberate exceptions, each with its reason. */

interface Service {
  readonly prefix: string;
  /** Calls whose action has another name. */
  readonly actions: Readonly<Record<string, string>>;
}

const service = (prefix: string, actions: Service['actions'] = {}): Service => ({ prefix, actions });

/** By package. The document client leaves `Item` out of its commands' names. */
export const SERVICES: Readonly<Record<string, Service>> = {
  '@aws-sdk/client-ec2': service('ec2'),
  '@aws-sdk/client-ecs': service('ecs'),
  '@aws-sdk/client-eventbridge': service('events'),
  '@aws-sdk/client-s3': service('s3'),
  '@aws-sdk/client-secrets-manager': service('secretsmanager'),
  '@aws-sdk/client-sns': service('sns'),
  '@aws-sdk/client-sqs': service('sqs'),
  '@aws-sdk/lib-dynamodb': service('dynamodb', {
    Get: 'dynamodb:GetItem',
    BatchGet: 'dynamodb:BatchGetItem',
    Put: 'dynamodb:PutItem',
    Update: 'dynamodb:UpdateItem',
    Delete: 'dynamodb:DeleteItem',
  }),
};

/** What a transaction may hold, and the action that it needs. */
export const TRANSACTION_ITEMS: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/** What calls nothing by itself: clients, errors, and functions around a command that is seen as well. */
export const SDK_HELPERS = /Client$|Exception$|^(getSignedUrl|marshall|unmarshall)$/;

interface Exception {
  readonly action: string;
  readonly because: string;
}

/** Actions that AWS asks for beside the one of the call. */
export const IMPLIED_ACTIONS: Readonly<Record<string, readonly Exception[]>> = {
  's3:GetObject': [
    {
      action: 's3:ListBucket',
      because: 'which is answered 403 instead of 404 for an absent object without it',
    },
  ],
  'ecs:RunTask': [{ action: 'iam:PassRole', because: 'which hands the execution role to the task' }],
};

/** What Lambda itself does in the function's name. */
export const RUNTIME_ACTIONS: readonly Exception[] = [
  { action: 'logs:CreateLogStream', because: 'its log' },
  { action: 'logs:PutLogEvents', because: 'its log' },
  { action: 'xray:PutTraceSegments', because: 'its traces' },
  { action: 'xray:PutTelemetryRecords', because: 'its traces' },
];

export const STREAM_ACTIONS: readonly Exception[] = [
  'DescribeStream',
  'GetRecords',
  'GetShardIterator',
  'ListStreams',
].map((call) => ({ action: `dynamodb:${call}`, because: 'Lambda reads the stream for it' }));

export const DEAD_LETTER_ACTIONS: readonly Exception[] = [
  { action: 'sqs:SendMessage', because: 'Lambda keeps what it could not process' },
];

/** Actions that name no resource, and why not. */
export const UNNAMED_RESOURCES: Readonly<Record<string, string>> = {
  'xray:PutTraceSegments': 'X-Ray knows no resource for what is sent to it',
  'xray:PutTelemetryRecords': 'X-Ray knows no resource for what is sent to it',
  'ecs:ListTasks':
    'its only resource is a container instance, and Fargate has none; a condition names the cluster',
  'ec2:DescribeNetworkInterfaces': 'EC2 knows no resource for what is described',
};

/** Actions that AWS's reference knows no resource for, and that are held to one nevertheless; and why that works. */
export const NARROWED: Readonly<Record<string, string>> = {
  'dynamodb:ListStreams':
    'Lambda takes table/<name>/stream/*, as in the policy template for streams of AWS SAM (DynamoDBStreamReadPolicy)',
};

/** Calls that are made only where sessions are reached in this way; elsewhere the role is without them. */
export const ONLY_WHEN_CONNECTED: Readonly<Record<string, 'direct' | 'router'>> = {
  // The public address of a task is in no event.
  'ec2:DescribeNetworkInterfaces': 'direct',
};

/** Variables that Lambda or one machine sets, and Terraform does not. */
export const FOREIGN_VARIABLES: Readonly<Record<string, string>> = {
  AWS_ENDPOINT_URL: 'the stand-ins of one machine',
};
