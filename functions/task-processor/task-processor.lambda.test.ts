import { marshall } from '@aws-sdk/util-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../core/domain/session.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { openAwsEndpoint } from '../testing/aws-endpoint.ts';
import type { TaskStateChange } from './task-event.ts';

let session: Session = newSession({ status: 'CREATING' });
const aws = await openAwsEndpoint(
  { SESSIONS_TABLE: 'sessions', PROJECTS_TABLE: 'projects', WARM_POOL_TABLE: 'warm-pool' },
  ({ name }) => {
    if (name.endsWith('GetItem')) return { Item: marshall(session) };
    if (name.endsWith('UpdateItem')) return { Attributes: marshall(session) };
    return {};
  },
);
const { handler } = await import('./task-processor.lambda.ts');

const task = (lastStatus: string): TaskStateChange => ({
  detail: {
    taskArn: 'arn:task',
    lastStatus,
    startedBy: 's1',
    stoppedReason: 'Essential container in task exited',
    attachments: [{ type: 'eni', details: [{ name: 'privateIPv4Address', value: '10.0.1.7' }] }],
  },
});

const wired = suite('the task processor as it is deployed');

wired(
  'writes the address of a task into its session in one call, as long as the container has not said it is ready',
  async () => {
    await handler(task('RUNNING'));
    const [update, ...more] = aws.calls.splice(0);
    assert.equal(more, []);
    assert.is(update?.body.TableName, 'sessions');
    assert.equal(update?.body.Key, { sessionId: { S: 's1' } });
    const values = update?.body.ExpressionAttributeValues;
    assert.equal(values[':address'].M, { host: { S: '10.0.1.7' }, port: { N: '9223' } });
    assert.is(update?.body.ConditionExpression.includes('attribute_not_exists(#containerReadyAt)'), true);
    assert.equal([values[':status'].S, values[':taskArn'].S], ['STARTING', 'arn:task']);
  },
);

wired('ends the session of a task that stopped, with its slot, in one transaction', async () => {
  session = newSession({ status: 'ACTIVE', startedAt: '2026-06-01T00:00:10.000Z' });
  await handler(task('STOPPED'));
  const [read, write] = aws.calls.splice(0);
  assert.is(read?.name, 'DynamoDB_20120810.GetItem');
  const [ended, slot] = write?.body.TransactItems ?? [];
  assert.equal([ended.Update.TableName, slot.Update.TableName], ['sessions', 'projects']);
  const values = ended.Update.ExpressionAttributeValues;
  assert.equal([values[':status'].S, values[':endReason'].S], ['FAILED', 'container_lost']);
  assert.is(values[':endDetail'].S, 'Essential container in task exited');
});

wired('lets the session of a task that Spot takes back end for that, before it is killed', async () => {
  session = newSession({ status: 'ACTIVE', startedAt: '2026-06-01T00:00:10.000Z' });
  const { detail } = task('RUNNING');
  await handler({ detail: { ...detail, desiredStatus: 'STOPPED', stopCode: 'SpotInterruption' } });
  const [update, ...others] = aws.calls.splice(0);
  assert.equal(others, []);
  const values = update?.body.ExpressionAttributeValues;
  assert.equal([values[':status'].S, values[':endReason'].S], ['TERMINATING', 'spot_reclaimed']);
});

wired('writes nothing for a task whose session has ended', async () => {
  session = newSession({ status: 'STOPPED', endReason: 'released' });
  await handler(task('STOPPED'));
  assert.equal(aws.names(), ['DynamoDB_20120810.GetItem']);
});

wired.after(() => aws.close());
wired.run();
