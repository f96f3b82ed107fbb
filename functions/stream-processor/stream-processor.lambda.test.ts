import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newSession } from '../../core/testing/new-session.ts';
import { openAwsEndpoint } from '../testing/aws-endpoint.ts';

let isBusAlive = true;
const environment = {
  READY_TOPIC_ARN: 'arn:aws:sns:us-west-2:123456789012:ready',
  EVENT_BUS: 'sessions',
  SESSION_EVENTS_TABLE: 'events',
};
const aws = await openAwsEndpoint(environment, ({ name }) => {
  if (name === 'Publish')
    return '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>';
  if (name.startsWith('DynamoDB')) return {};
  // As EventBridge refuses one entry: with 200, and a count.
  return isBusAlive
    ? { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }
    : { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] };
});
const { handler } = await import('./stream-processor.lambda.ts');

const becomesReady = {
  Records: [
    {
      dynamodb: {
        SequenceNumber: '7',
        OldImage: marshall(newSession({ status: 'STARTING' })),
        NewImage: marshall(
          newSession({ status: 'READY', startedAt: '2026-06-01T00:00:01.000Z', shard: '3' }),
        ),
      },
    },
  ],
} as unknown as DynamoDBStreamEvent;

const wired = suite('the stream processor as it is deployed');

wired('tells the topic, by its queue, and then the bus and the events of its session', async () => {
  assert.equal(await handler(becomesReady), { batchItemFailures: [] });
  const [signal, ...calls] = aws.calls;
  const event = calls.find(({ name }) => name === 'AWSEvents.PutEvents');
  assert.is(signal?.body.TopicArn, environment.READY_TOPIC_ARN);
  assert.is(signal?.body.Message, 's1');
  assert.match(JSON.stringify(signal?.body), /"3"/);
  const [entry] = event?.body.Entries ?? [];
  assert.is(entry.EventBusName, 'sessions');
  assert.is(JSON.parse(entry.Detail).status, 'READY');
  const stored = calls.filter(({ name }) => name.endsWith('.PutItem')).map(({ body }) => body);
  assert.equal(
    stored.map(({ TableName, Item }) => [TableName, Item.sequence.S, Item.type.S]),
    [
      ['events', '00000001', 'session.created'],
      ['events', '00000002', 'session.ready'],
    ],
  );
});

wired('hands the batch back when the bus refuses the event, although it answered', async () => {
  isBusAlive = false;
  assert.equal(await handler(becomesReady), { batchItemFailures: [{ itemIdentifier: '7' }] });
});

wired.after(() => aws.close());
wired.run();
