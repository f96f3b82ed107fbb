import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { awaitCondition } from '../testing/await-condition.ts';
import { rejectionOf, serveServices } from '../testing/serve-services.ts';
import { Queue } from './queue.ts';
import { createSnsApi } from './sns-api.ts';
import { createSqsApi } from './sqs-api.ts';

const messaging = suite('SNS and SQS');
const TopicArn = 'arn:aws:sns:us-west-2:000000000000:ready';
const OTHER_TOPIC = 'arn:aws:sns:us-west-2:000000000000:done';

interface Machine {
  sns: SNSClient;
  sqs: SQSClient;
  url(name: string): string;
  skip(ms: number): void;
}

/** Two topics: of the first each queue gets its shard, of the second `one` gets all. */
const serve = (use: (machine: Machine) => Promise<void>) => async () => {
  let skippedMs = 0;
  const specs = ['zero', 'one'].map((name) => ({ name, visibilityTimeoutSeconds: 5, retentionSeconds: 60 }));
  const queues = new Map(specs.map((spec) => [spec.name, new Queue(spec, () => Date.now() + skippedMs)]));
  const byShard = specs.map(({ name }, shard) => ({
    queue: name,
    filterPolicy: { shard: [String(shard)] },
  }));
  const topics = [
    { arn: TopicArn, subscriptions: byShard },
    { arn: OTHER_TOPIC, subscriptions: [{ queue: 'one', filterPolicy: {} }] },
  ];
  const served = await serveServices({ sns: createSnsApi({ topics, queues }), sqs: createSqsApi(queues) });
  const sns = new SNSClient(served.client);
  const sqs = new SQSClient(served.client);
  const skip = (ms: number) => {
    skippedMs += ms;
  };
  try {
    await use({ sns, sqs, skip, url: (name) => `${served.endpoint}/000000000000/${name}` });
  } finally {
    for (const queue of queues.values()) queue.close();
    sns.destroy();
    sqs.destroy();
    await served.close();
  }
};

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const publish = (sns: SNSClient, shard: string, Message: string) =>
  sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes: { shard: text(shard) } }));

async function receive(sqs: SQSClient, QueueUrl: string, WaitTimeSeconds = 0, signal?: AbortSignal) {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    WaitTimeSeconds,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });
  return (await sqs.send(command, signal === undefined ? {} : { abortSignal: signal })).Messages ?? [];
}

const bodiesOf = (messages: readonly { Body?: string | undefined }[]) => messages.map(({ Body }) => Body);

messaging(
  'delivers raw to the queues whose filter matches and to no other',
  serve(async ({ sns, sqs, url }) => {
    await publish(sns, '1', '{"text":"grüße & <more> + 100%"}');
    await publish(sns, '7', 'nobody');
    await sns.send(new PublishCommand({ TopicArn, Message: 'without a shard' }));
    assert.equal(await receive(sqs, url('zero')), []);
    const [message, ...others] = await receive(sqs, url('one'));
    assert.is(message?.Body, '{"text":"grüße & <more> + 100%"}');
    assert.is(message?.Attributes?.ApproximateReceiveCount, '1');
    assert.is(others.length, 0);
  }),
);

messaging(
  'asks every name of a filter policy, and takes any of its values',
  serve(async ({ sns, sqs, url }) => {
    const MessageAttributes = { colour: text('red'), shard: text('0') };
    await sns.send(new PublishCommand({ TopicArn, Message: 'both', MessageAttributes }));
    await sns.send(
      new PublishCommand({ TopicArn, Message: 'other', MessageAttributes: { colour: text('0') } }),
    );
    assert.equal(bodiesOf(await receive(sqs, url('zero'))), ['both']);
  }),
);

messaging(
  'keeps topics apart',
  serve(async ({ sns, sqs, url }) => {
    await sns.send(new PublishCommand({ TopicArn: OTHER_TOPIC, Message: 'done' }));
    assert.equal(await receive(sqs, url('zero')), []);
    assert.equal(bodiesOf(await receive(sqs, url('one'))), ['done']);
  }),
);

messaging(
  'wakes a waiting receiver as soon as a message comes',
  serve(async ({ sns, sqs, url }) => {
    const waiting = receive(sqs, url('zero'), 20);
    let isDone = false;
    void waiting.then(() => {
      isDone = true;
    });
    await publish(sns, '1', 'for the other queue');
    assert.not(isDone);
    await publish(sns, '0', 'go');
    assert.equal(bodiesOf(await waiting), ['go']);
  }),
);

messaging(
  'loses nothing when a waiting receiver goes away',
  serve(async ({ sns, sqs, url }) => {
    const gone = new AbortController();
    const waiting = rejectionOf(receive(sqs, url('zero'), 20, gone.signal));
    setTimeout(() => gone.abort(), 100);
    await waiting;
    await publish(sns, '0', 'kept');
    const messages = await awaitCondition(async () => {
      const received = await receive(sqs, url('zero'), 1);
      return received.length > 0 && received;
    }, 'the message is received');
    assert.equal(bodiesOf(messages), ['kept']);
  }),
);

messaging(
  'shows a message again after its visibility time-out, until it is deleted or its retention is over',
  serve(async ({ sns, sqs, url, skip }) => {
    const QueueUrl = url('zero');
    const remove = (ReceiptHandle: string | undefined) =>
      sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    await publish(sns, '0', 'a');
    const [first] = await receive(sqs, QueueUrl);
    assert.equal(await receive(sqs, QueueUrl), []);
    skip(5_000);
    const [second] = await receive(sqs, QueueUrl);
    assert.is(second?.Attributes?.ApproximateReceiveCount, '2');
    await remove(first?.ReceiptHandle);
    const change = { QueueUrl, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(change));
    const [third] = await receive(sqs, QueueUrl);
    assert.is(third?.MessageId, first?.MessageId);
    const late = sqs.send(new ChangeMessageVisibilityCommand(change));
    assert.is((await rejectionOf(late)).name, 'MessageNotInflight');
    await remove(third?.ReceiptHandle);
    skip(5_000);
    assert.equal(await receive(sqs, QueueUrl), []);
    await publish(sns, '0', 'old');
    skip(60_000);
    assert.equal(await receive(sqs, QueueUrl), []);
  }),
);

messaging(
  'wakes a waiting receiver for a message that becomes visible again',
  serve(async ({ sns, sqs, url }) => {
    const QueueUrl = url('zero');
    await publish(sns, '0', 'again');
    const [taken] = await receive(sqs, QueueUrl);
    const change = { QueueUrl, ReceiptHandle: taken?.ReceiptHandle, VisibilityTimeout: 1 };
    await sqs.send(new ChangeMessageVisibilityCommand(change));
    assert.equal(bodiesOf(await receive(sqs, QueueUrl, 20)), ['again']);
  }),
);

messaging(
  'takes a message for a queue, by whatever group',
  serve(async ({ sqs, url }) => {
    const QueueUrl = url('zero');
    const message = { QueueUrl, MessageBody: 'ü', MessageGroupId: 'p1' };
    const { MessageId } = await sqs.send(new SendMessageCommand(message));
    const [taken] = await receive(sqs, QueueUrl);
    assert.equal([taken?.Body, taken?.MessageId], ['ü', MessageId]);
  }),
);

messaging(
  'refuses unknown topics, queues, operations and parameters by name',
  serve(async ({ sns, sqs, url }) => {
    const refusalOf = async (input: Partial<PublishCommand['input']>) =>
      rejectionOf(sns.send(new PublishCommand({ TopicArn, Message: 'a', ...input })));
    assert.is((await refusalOf({ TopicArn: `${TopicArn}x` })).name, 'NotFoundException');
    assert.match((await refusalOf({ Subject: 'b' })).message, /Subject/);
    const number = { count: { DataType: 'Number', StringValue: '1' } };
    assert.match((await refusalOf({ MessageAttributes: number })).message, /text attributes only/);
    assert.match(
      (await refusalOf({ Message: 'a'.repeat(256 * 1024 + 1) })).message,
      /longer than 262144 bytes/,
    );
    const PublishBatchRequestEntries = [{ Id: 'a', Message: 'a' }];
    const batch = sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    assert.match((await rejectionOf(batch)).message, /PublishBatch/);

    assert.is((await rejectionOf(receive(sqs, url('none')))).name, 'QueueDoesNotExist');
    const message = { QueueUrl: url('zero'), MessageBody: 'a' };
    const delayed = sqs.send(new SendMessageCommand({ ...message, DelaySeconds: 1 }));
    assert.match((await rejectionOf(delayed)).message, /DelaySeconds/);
    const Entries = [{ Id: 'a', MessageBody: 'a' }];
    const many = sqs.send(new SendMessageBatchCommand({ QueueUrl: url('zero'), Entries }));
    assert.match((await rejectionOf(many)).message, /SendMessageBatch/);
    assert.match((await rejectionOf(receive(sqs, url('zero'), 21))).message, /WaitTimeSeconds/);
    const sender = { QueueUrl: url('zero'), MessageSystemAttributeNames: ['SenderId' as const] };
    assert.match(
      (await rejectionOf(sqs.send(new ReceiveMessageCommand(sender)))).message,
      /MessageSystemAttributeNames/,
    );
    const nonsense = { QueueUrl: url('zero'), ReceiptHandle: 'nonsense' };
    const removed = sqs.send(new DeleteMessageCommand(nonsense));
    assert.is((await rejectionOf(removed)).name, 'ReceiptHandleIsInvalid');
  }),
);

messaging.run();
