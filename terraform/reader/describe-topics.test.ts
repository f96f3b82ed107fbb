import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeTopics } from './describe-topics.ts';
import { faultOf, withModule } from './testing/read-source.ts';

const TOPIC = 'resource "aws_sns_topic" "ready" {\n  name = "ready"\n}\n';
const QUEUE = 'resource "aws_sqs_queue" "a" {\n  name = "a"\n}\n';
const SUBSCRIPTION: Readonly<Record<string, string>> = {
  topic_arn: 'aws_sns_topic.ready.arn',
  protocol: '"sqs"',
  endpoint: 'aws_sqs_queue.a.arn',
  filter_policy: 'jsonencode({ shard = ["0"] })',
  filter_policy_scope: '"MessageAttributes"',
  raw_message_delivery: 'true',
};
const subscriptionOf = (change: Readonly<Record<string, string>> = {}, name = 'a') =>
  `resource "aws_sns_topic_subscription" "${name}" {\n${Object.entries({ ...SUBSCRIPTION, ...change })
    .map(([argument, value]) => `  ${argument} = ${value}\n`)
    .join('')}}\n`;
const describe = (...texts: readonly string[]) => withModule(texts.join(''), describeTopics);

const topics = suite('topics, read from the Terraform');

topics('have their subscriptions, and the queues behind them with what SQS has by default', () => {
  assert.equal(describe(TOPIC, QUEUE, subscriptionOf()), {
    topics: {
      ready: {
        arn: 'arn:aws:sns:us-west-2:000000000000:ready',
        subscriptions: [{ queue: 'a', filterPolicy: { shard: ['0'] } }],
      },
    },
    queues: [{ name: 'a', visibilityTimeoutSeconds: 30, retentionSeconds: 345_600 }],
  });
});

topics('may send to one queue by two filters: the queue is there once', () => {
  const second = subscriptionOf({ filter_policy: 'jsonencode({ shard = ["1"] })' }, 'second');
  const { topics: described, queues } = describe(TOPIC, QUEUE, subscriptionOf(), second);
  assert.is(described.ready.subscriptions.length, 2);
  assert.is(queues.length, 1);
});

topics('that nobody or only a person listens to are left out, and so are queues of no topic', () => {
  const alarms = 'resource "aws_sns_topic" "alarms" {\n  name = "alarms"\n}\n';
  const mail = `resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol = "email"
  endpoint = "a@example.com"
}\n`;
  const deadLetters = 'resource "aws_sqs_queue" "dead_letters" {\n  name = "dead"\n}\n';
  const described = describe(TOPIC, QUEUE, subscriptionOf(), alarms, mail, deadLetters);
  assert.equal(Object.keys(described.topics), ['ready']);
  assert.equal(
    described.queues.map(({ name }) => name),
    ['a'],
  );
});

const FAULTS: Readonly<Record<string, readonly [Readonly<Record<string, string>>, string]>> = {
  'another protocol': [{ protocol: '"lambda"' }, 'one machine can only do protocol = "sqs"'],
  'messages in an envelope': [
    { raw_message_delivery: 'false' },
    'one machine can only do raw_message_delivery = true',
  ],
  'a filter of bodies': [
    { filter_policy_scope: '"MessageBody"' },
    'one machine can only do filter_policy_scope = "MessageAttributes"',
  ],
  'no filter': [{ filter_policy: 'null' }, 'filter_policy is no text'],
  'a filter that is no JSON': [{ filter_policy: '"{"' }, 'filter_policy is no JSON'],
  'a queue of somebody else': [
    { endpoint: '"arn:aws:sqs:us-west-2:1:b"' },
    'the endpoint is no queue of the platform',
  ],
};
for (const [what, [change, expected]] of Object.entries(FAULTS)) {
  topics(`are refused with ${what}`, () =>
    assert.is(
      faultOf(() => describe(TOPIC, QUEUE, subscriptionOf(change))),
      `main/a.tf:7: aws_sns_topic_subscription.a: ${expected}`,
    ),
  );
}

topics('are refused when that of ready sessions has no listener', () => {
  assert.is(
    faultOf(() => describe(TOPIC)),
    'main: one machine looks for ready, and there is nothing',
  );
});

topics.run();
