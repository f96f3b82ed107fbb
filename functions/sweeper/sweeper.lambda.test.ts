import { marshall } from '@aws-sdk/util-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newSession } from '../../core/testing/new-session.ts';
import { openAwsEndpoint } from '../testing/aws-endpoint.ts';

const environment = {
  SESSIONS_TABLE: 'sessions',
  PROJECTS_TABLE: 'projects',
  WARM_POOL_TABLE: 'warm-pool',
  CLUSTER: 'browsers',
  CONTEXTS_TABLE: 'contexts',
  CONTEXTS_BUCKET: 'bucket',
};
// Its container went without a word, long ago.
const mute = newSession({
  status: 'READY',
  taskArn: 'arn:task',
  expiresAt: '2099-01-01T00:00:00.000Z',
  startedAt: '2020-01-01T00:00:00.000Z',
});

const aws = await openAwsEndpoint(environment, ({ name, body }) => {
  if (name.endsWith('.Query')) {
    const asked = Object.values(body.ExpressionAttributeValues as Record<string, { S?: string }>);
    return { Items: asked.some(({ S }) => S === mute.status) ? [marshall(mute)] : [] };
  }
  if (name.endsWith('.GetItem')) return { Item: marshall(mute) };
  return {};
});
const { handler } = await import('./sweeper.lambda.ts');

const wired = suite('the sweeper as it is deployed');

wired('finds a session by its status, ends it in one transaction and stops its task', async () => {
  await handler();
  const write = aws.calls.find(({ name }) => name.endsWith('.TransactWriteItems'));
  const [ended, slot] = write?.body.TransactItems ?? [];
  assert.equal([ended?.Update.TableName, slot?.Update.TableName], ['sessions', 'projects']);
  assert.is(ended?.Update.ExpressionAttributeValues[':endReason'].S, 'container_lost');
  const stop = aws.calls.find(({ name }) => name.endsWith('.StopTask'));
  assert.equal([stop?.body.cluster, stop?.body.task], ['browsers', 'arn:task']);
});

wired('looks for sessions of every status that is alive, for tasks and for deleted contexts', () => {
  const tables = aws.calls.flatMap(({ body }) => (body.TableName === undefined ? [] : [body.TableName]));
  assert.is(
    tables.filter((name) => name === 'sessions').length,
    6,
    'five lists, and the read before the end',
  );
  assert.ok(tables.includes('contexts'));
  assert.ok(aws.names().some((name) => name.endsWith('.ListTasks')));
});

wired.after(() => aws.close());
wired.run();
