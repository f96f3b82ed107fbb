import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { openAwsEndpoint } from '../testing/aws-endpoint.ts';

const environment = {
  WARM_POOL_TABLE: 'warm-pool',
  WARM_SIZES: '{"min":1,"max":1,"schedule":[]}',
  VCPU_QUOTA: '10',
  WARM_CPU_UNITS: '1024',
  CAPACITY_PROVIDER: 'FARGATE_SPOT',
  TOKEN_KEYS_SECRET: 'keys',
  CONTAINER_API_URL: 'https://api/stage',
  CLUSTER: 'browsers',
  TASK_DEFINITION: 'arn:definition:7',
  CONTAINER_NAME: 'controller',
  SUBNETS: 'subnet-1',
  SECURITY_GROUPS: 'sg-1',
  ASSIGN_PUBLIC_IP: 'false',
};
const keySet = rotateKeySet(undefined, new Date());
const aws = await openAwsEndpoint(environment, ({ name }) => {
  if (name.endsWith('GetSecretValue')) return { SecretString: JSON.stringify(keySet) };
  if (name.endsWith('RunTask')) return { tasks: [{ taskArn: 'arn:task' }] };
  return {};
});
const { handler } = await import('./keep-pool.lambda.ts');

const lambda = suite('the keep-pool function');

lambda.after(() => aws.close());

lambda('fills an empty slot, and starts a task that is known by its warm id', async () => {
  await handler({ source: 'aws.events' });
  const put = aws.calls.find(({ name }) => name.endsWith('PutItem'))?.body as {
    Item: Record<string, { S: string }>;
  };
  const task = aws.calls.find(({ name }) => name.endsWith('RunTask'))?.body;
  const warmId = put.Item.warmId?.S ?? '';
  assert.match(warmId, /^w01-/);
  assert.equal([put.Item.pool?.S, put.Item.revision?.S], ['slots', 'arn:definition:7']);
  assert.equal([task?.clientToken, task?.startedBy], [warmId, warmId]);
  assert.equal(task?.capacityProviderStrategy, [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]);
});

lambda.run();
