/** Topics with the queues that subscribe to them. Dead letters stay where they arise: in the log. */

import { byModule } from './by-module.ts';
import { TerraformFault } from './expression.ts';
import { jsonFact, numberFact, requireFact, textFact } from './fact.ts';
import type { Infrastructure, QueueSpec, SubscriptionSpec } from './infrastructure.ts';
import type { Module } from './module.ts';
import type { Resource } from './resource.ts';
import { arnOf } from './targets.ts';

const DEFAULT_VISIBILITY_SECONDS = 30;
const DEFAULT_RETENTION_SECONDS = 345_600;
const SUBSCRIPTION = [
  ['protocol', 'sqs'],
  ['raw_message_delivery', true],
  ['filter_policy_scope', 'MessageAttributes'],
] as const;

interface Subscribed {
  readonly topicArn: string;
  readonly queue: QueueSpec;
  readonly filterPolicy: SubscriptionSpec['filterPolicy'];
}

export function describeTopics(platform: Module): Pick<Infrastructure, 'topics' | 'queues'> {
  const queues = new Map(platform.resources('aws_sqs_queue').map((queue) => [arnOf(queue), queue]));
  const subscribed = platform
    .resources('aws_sns_topic_subscription')
    // Mail to people goes out on AWS only.
    .filter((subscription) => textFact(subscription, 'protocol') !== 'email')
    .map((subscription) => describeSubscription(subscription, queues));
  const subscriptionsOf = (topic: Resource) => subscribed.filter(({ topicArn }) => topicArn === arnOf(topic));
  const resources = platform.resources('aws_sns_topic').filter((topic) => subscriptionsOf(topic).length > 0);
  return {
    topics: byModule(platform, { resources, known: ['ready'] }, (topic) => ({
      arn: arnOf(topic),
      subscriptions: subscriptionsOf(topic).map(({ queue, filterPolicy }) => ({
        queue: queue.name,
        filterPolicy,
      })),
    })),
    queues: [...new Map(subscribed.map(({ queue }) => [queue.name, queue])).values()],
  };
}

function describeSubscription(subscription: Resource, queues: ReadonlyMap<string, Resource>): Subscribed {
  for (const [name, only] of SUBSCRIPTION) requireFact(subscription, name, only);
  const queue = queues.get(textFact(subscription, 'endpoint'));
  if (queue === undefined) {
    const what = 'the endpoint is no queue of the platform';
    throw new TerraformFault(subscription.at, `${subscription.address}: ${what}`);
  }
  return {
    topicArn: textFact(subscription, 'topic_arn'),
    queue: describeQueue(queue),
    filterPolicy: jsonFact(subscription, 'filter_policy'),
  };
}

export const describeQueue = (queue: Resource): QueueSpec => ({
  name: textFact(queue, 'name'),
  visibilityTimeoutSeconds: numberFact(queue, 'visibility_timeout_seconds', DEFAULT_VISIBILITY_SECONDS),
  retentionSeconds: numberFact(queue, 'message_retention_seconds', DEFAULT_RETENTION_SECONDS),
});
