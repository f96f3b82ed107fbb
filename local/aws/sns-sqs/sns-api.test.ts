import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { awaitCondition } from '../testing/await-condition.ts';
import { rejectionOf, serveServices } from '../testing/serve-services.ts';
import { createQueue } from './queue.ts';
import { createSnsApi } from './sns-api.ts';
import { createSqsApi } from './sqs-api.ts';

const messaging = suite('SNS and SQS');
const TopicArn = 'arn:aws:sns:us-west-2:000000000000:ready';

const serve = (use: (machine: Machine) => Promise<void>) => async () => {
  let skippedMs = 0;
  const specs = ['zero', 'one'].map((name) => ({ name, visibilityTimeoutSeconds: 5, retentionSeconds: 60 }));
  const queues = new Map(specs.map((spec) => [spec.name, createQueue(spec, () => Date.now() + skippedMs)]));
  const subscriptions = specs.map(({ name }, shard) => ({
    queue: name,
    filterPolicy: { shard: [String(shard)] },
  }));
  const served = await serveServices({
    sns: createSnsApi({ topicArn: TopicArn, subscriptions, queues }),
    sqs: createSqsApi(queues),
  });
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

interface Machine {
  sns: SNSClient;
  sqs: SQSClient;
  url(name: string): string;
  skip(ms: number): void;
}

const publish = (sns: SNSClient, shard: string, Message: string) =>
  sns.send(
    new PublishCommand({
      TopicArn,
      Message,
      MessageAttributes: { shard: { DataType: 'String', StringValue: shard } },
    }),
  );

const receive = async (sqs: SQSClient, QueueUrl: string, WaitTimeSeconds = 0, signal?: AbortSignal) => {
  const input = { QueueUrl, WaitTimeSeconds, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 };
  const command = new ReceiveMessageCommand({
    ...input,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
  });
  return (await sqs.send(command, signal === undefined ? {} : { abortSignal: signal })).Messages ?? [];
};

messaging(
  'delivers raw, with the attributes, to the queues whose filter matches and to no other',
  serve(async ({ sns, sqs, url }) => {
    await publish(sns, '1', '{"text":"grüße & <more> + 100%"}');
    await publish(sns, '7', 'nobody');
    assert.equal(await receive(sqs, url('zero')), []);
    const [message, ...others] = await receive(sqs, url('one'));
    assert.is(message?.Body, '{"text":"grüße & <more> + 100%"}');
    assert.is(message?.MessageAttributes?.shard?.StringValue, '1');
    assert.is(message?.Attributes?.ApproximateReceiveCount, '1');
    assert.is(others.length, 0);
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
    assert.equal(
      (await waiting).map(({ Body }) => Body),
      ['go'],
    );
  }),
);

messaging(
  'loses nothing when a waiting receiver goes away',
  serve(async ({ sqs, url }) => {
    const gone = new AbortController();
    const waiting = rejectionOf(receive(sqs, url('zero'), 20, gone.signal));
    setTimeout(() => gone.abort(), 100);
    await waiting;
    await sqs.send(new SendMessageCommand({ QueueUrl: url('zero'), MessageBody: 'kept' }));
    const messages = await awaitCondition(async () => {
      const received = await receive(sqs, url('zero'), 1);
      return received.length > 0 && received;
    }, 'the message is received');
    assert.equal(
      messages.map(({ Body }) => Body),
      ['kept'],
    );
  }),
);

messaging(
  'shows a message again after its visibility time-out, until it is deleted or its retention is over',
  serve(async ({ sqs, url, skip }) => {
    const QueueUrl = url('zero');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
    const [first] = await receive(sqs, QueueUrl);
    assert.equal(await receive(sqs, QueueUrl), []);
    skip(5_000);
    const [second] = await receive(sqs, QueueUrl);
    assert.is(second?.Attributes?.ApproximateReceiveCount, '2');
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    const change = { QueueUrl, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(change));
    const [third] = await receive(sqs, QueueUrl);
    assert.is(third?.MessageId, first?.MessageId);
    const Entries = [
      { Id: 'x', ReceiptHandle: third?.ReceiptHandle },
      { Id: 'y', ReceiptHandle: 'nonsense' },
    ];
    const batch = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    assert.equal(
      batch.Successful?.map(({ Id }) => Id),
      ['x'],
    );
    assert.equal(
      batch.Failed?.map(({ Id }) => Id),
      ['y'],
    );
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'old' }));
    skip(60_000);
    assert.equal(await receive(sqs, QueueUrl), []);
  }),
);

messaging(
  'wakes a waiting receiver for a message that becomes visible again',
  serve(async ({ sqs, url }) => {
    const QueueUrl = url('zero');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 1 }));
    assert.equal(
      (await receive(sqs, QueueUrl, 20)).map(({ Body }) => Body),
      ['again'],
    );
  }),
);

messaging(
  'refuses unknown topics, queues, operations and parameters by name',
  serve(async ({ sns, sqs, url }) => {
    const topic = await rejectionOf(sns.send(new PublishCommand({ TopicArn: `${TopicArn}x`, Message: 'a' })));
    assert.is(topic.name, 'NotFoundException');
    const subject = await rejectionOf(sns.send(new PublishCommand({ TopicArn, Message: 'a', Subject: 'b' })));
    assert.match(subject.message, /Subject/);
    assert.is((await rejectionOf(receive(sqs, url('none')))).name, 'QueueDoesNotExist');
    const purge = await rejectionOf(sqs.send(new PurgeQueueCommand({ QueueUrl: url('zero') })));
    assert.match(purge.message, /PurgeQueue/);
    const delayed = new SendMessageCommand({ QueueUrl: url('zero'), MessageBody: 'a', DelaySeconds: 3 });
    assert.match((await rejectionOf(sqs.send(delayed))).message, /DelaySeconds/);
    assert.match((await rejectionOf(receive(sqs, url('zero'), 21))).message, /WaitTimeSeconds/);
    const large = new SendMessageCommand({ QueueUrl: url('zero'), MessageBody: 'a'.repeat(256 * 1024 + 1) });
    assert.match((await rejectionOf(sqs.send(large))).message, /longer/);
  }),
);

messaging.run();
