import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonObject } from '../wire/json-service.ts';
import { requestsOf } from './requests.ts';

const account = {
  region: 'us-west-2',
  accountId: '000000000000',
  taskRoles: ['arn:aws:iam::000000000000:role/execution'],
};
const arn = (service: string, resource: string) => `arn:aws:${service}:us-west-2:000000000000:${resource}`;
const table = (name: string) => arn('dynamodb', `table/${name}`);
const cluster = arn('ecs', 'cluster/c');

/** By call: what is asked of the caller's policy. */
const CASES: Readonly<Record<string, readonly [input: JsonObject, expected: readonly string[]]>> = {
  'dynamodb GetItem': [{ TableName: 'a' }, [`dynamodb:GetItem ${table('a')}`]],
  'dynamodb Scan': [{ TableName: 'a' }, [`dynamodb:Scan ${table('a')}`]],
  'dynamodb Query': [
    { TableName: 'a', IndexName: 'by-name' },
    [`dynamodb:Query ${table('a')}/index/by-name`],
  ],
  'dynamodb BatchGetItem': [
    { RequestItems: { a: {}, b: {} } },
    [`dynamodb:BatchGetItem ${table('a')}`, `dynamodb:BatchGetItem ${table('b')}`],
  ],
  'dynamodb TransactWriteItems': [
    {
      TransactItems: [
        { Put: { TableName: 'a' } },
        { Update: { TableName: 'b' } },
        { Delete: { TableName: 'a' } },
        { ConditionCheck: { TableName: 'c' } },
      ],
    },
    [
      `dynamodb:PutItem ${table('a')}`,
      `dynamodb:UpdateItem ${table('b')}`,
      `dynamodb:DeleteItem ${table('a')}`,
      `dynamodb:ConditionCheckItem ${table('c')}`,
    ],
  ],
  'dynamodb TransactGetItems': [
    { TransactItems: [{ Get: { TableName: 'a' } }] },
    [`dynamodb:GetItem ${table('a')}`],
  ],
  's3 GetObject': [{ Bucket: 'b', Key: 'x/y' }, ['s3:GetObject arn:aws:s3:::b/x/y']],
  's3 ListBucket': [{ Bucket: 'b' }, ['s3:ListBucket arn:aws:s3:::b']],
  'ecs RunTask': [
    { cluster: 'c', taskDefinition: 'browser:1' },
    [
      `ecs:RunTask ${arn('ecs', 'task-definition/browser:1')} ecs:cluster=${cluster}`,
      'iam:PassRole arn:aws:iam::000000000000:role/execution iam:PassedToService=ecs-tasks.amazonaws.com',
    ],
  ],
  'ecs StopTask': [{ cluster, task: 't' }, [`ecs:StopTask ${arn('ecs', 'task/c/t')} ecs:cluster=${cluster}`]],
  'ecs DescribeTasks': [
    { cluster: 'c', tasks: ['t', arn('ecs', 'task/c/u')] },
    ['t', 'u'].map((id) => `ecs:DescribeTasks ${arn('ecs', `task/c/${id}`)} ecs:cluster=${cluster}`),
  ],
  'ecs ListTasks': [{}, [`ecs:ListTasks * ecs:cluster=${arn('ecs', 'cluster/default')}`]],
  'sns Publish': [{ TopicArn: arn('sns', 't') }, [`sns:Publish ${arn('sns', 't')}`]],
  'sqs ReceiveMessage': [
    { QueueUrl: 'http://127.0.0.1:1/000000000000/q' },
    [`sqs:ReceiveMessage ${arn('sqs', 'q')}`],
  ],
  'secretsmanager GetSecretValue': [
    { SecretId: 'keys' },
    [`secretsmanager:GetSecretValue ${arn('secretsmanager', 'secret:keys')}`],
  ],
  'events PutEvents': [
    { Entries: [{ EventBusName: 'steps' }, {}] },
    [
      `events:PutEvents ${arn('events', 'event-bus/steps')}`,
      `events:PutEvents ${arn('events', 'event-bus/default')}`,
    ],
  ],
  // Which no policy of ours allows.
  'lambda Invoke': [{ FunctionName: 'f' }, ['lambda:Invoke *']],
};

const t = suite('what AWS asks of a policy');

for (const [call, [input, expected]] of Object.entries(CASES)) {
  t(`for ${call}`, () => {
    const [service = '', operation = ''] = call.split(' ');
    const said = requestsOf({ service, operation, input }, account).map(
      ({ action, resource, conditions = {} }) =>
        [action, resource, ...Object.entries(conditions).map(([key, value]) => `${key}=${value}`)].join(' '),
    );
    assert.equal(said, expected);
  });
}

t('is nothing anybody has when the input does not say what it is about', () => {
  for (const service of ['dynamodb', 'ecs', 'events', 's3', 'secretsmanager', 'sns', 'sqs']) {
    const found = requestsOf({ service, operation: 'Call', input: {} }, account);
    for (const { resource } of found)
      assert.ok(resource === '*' || /undefined|default|:sqs:/.test(resource), resource);
  }
});

t.run();
