/** Tables, and the topic with its queues. */

import { TerraformFault } from './expression.ts';
import { inBlock, jsonFact, numberFact, requireFact, textFact } from './fact.ts';
import type { QueueSpec, SubscriptionSpec, TableSpec } from './infrastructure.ts';
import type { Module } from './module.ts';
import type { Resource } from './resource.ts';
import { arnOf } from './targets.ts';

const DEFAULT_VISIBILITY_SECONDS = 30;
const DEFAULT_RETENTION_SECONDS = 345_600;
const DEFAULT_BATCH_SIZE = 100;

export const describeTables = (
  platform: Module,
  functionOf: (arn: string) => string,
): readonly TableSpec[] => {
  const mappings = platform.resources('aws_lambda_event_source_mapping');
  const tables = platform.resources('aws_dynamodb_table');
  const streams = tables.map((table) => arnOf(table, 'stream_arn'));
  for (const mapping of mappings) {
    if (!streams.includes(textFact(mapping, 'event_source_arn'))) {
      throw new TerraformFault(
        mapping.at,
        `${mapping.address}: a machine hands over the streams of its tables only`,
      );
    }
  }
  return tables.map((table, index) => ({
    ...describeTable(table),
    ...describeStream(
      table,
      mappings.filter((mapping) => textFact(mapping, 'event_source_arn') === streams[index]),
      functionOf,
    ),
  }));
};

function describeTable(table: Resource): TableSpec {
  for (const attribute of table.blocks('attribute')) requireFact(inBlock(table, attribute), 'type', 'S');
  const [ttl] = table.blocks('ttl').map((block) => inBlock(table, block));
  return {
    name: textFact(table, 'name'),
    hashKey: textFact(table, 'hash_key'),
    indexes: table.blocks('global_secondary_index').map((block) => {
      const index = inBlock(table, block);
      requireFact(index, 'projection_type', 'ALL');
      return {
        name: textFact(index, 'name'),
        hashKey: textFact(index, 'hash_key'),
        rangeKey: textFact(index, 'range_key'),
      };
    }),
    ...(ttl !== undefined && ttl.get('enabled') === true
      ? { ttlAttribute: textFact(ttl, 'attribute_name') }
      : {}),
  };
}

function describeStream(
  table: Resource,
  [mapping, ...others]: readonly Resource[],
  functionOf: (arn: string) => string,
): Partial<TableSpec> {
  if (mapping === undefined) return {};
  if (others.length > 0) {
    throw new TerraformFault(mapping.at, `${table.address}: a machine hands a stream to one function only`);
  }
  requireFact(table, 'stream_enabled', true);
  requireFact(table, 'stream_view_type', 'NEW_AND_OLD_IMAGES');
  requireFact(mapping, 'starting_position', 'TRIM_HORIZON');
  requireFact(mapping, 'function_response_types', ['ReportBatchItemFailures']);
  return {
    streamTo: functionOf(textFact(mapping, 'function_name')),
    streamBatchSize: numberFact(mapping, 'batch_size', DEFAULT_BATCH_SIZE),
  };
}

/** The one topic that queues subscribe to, and those queues. Dead letters stay where they arise: in the log. */
export function describeTopic(platform: Module) {
  const subscriptions = platform.resources('aws_sns_topic_subscription').filter(
    // Mail to people goes out on AWS only.
    (subscription) => textFact(subscription, 'protocol') !== 'email',
  );
  const queues = new Map(platform.resources('aws_sqs_queue').map((queue) => [arnOf(queue), queue]));
  const topics = new Set(subscriptions.map((subscription) => textFact(subscription, 'topic_arn')));
  const [topicArn] = topics;
  if (topicArn === undefined || topics.size > 1) {
    throw new TerraformFault(platform.at, `a machine has one topic with queues, not ${topics.size}`);
  }
  const subscribed = subscriptions.map((subscription) => {
    for (const [name, only] of SUBSCRIPTION) requireFact(subscription, name, only);
    const queue = queues.get(textFact(subscription, 'endpoint'));
    if (queue === undefined) {
      throw new TerraformFault(
        subscription.at,
        `${subscription.address}: the endpoint is no queue of the platform`,
      );
    }
    return { queue, filterPolicy: jsonFact<SubscriptionSpec['filterPolicy']>(subscription, 'filter_policy') };
  });
  return {
    readyTopic: {
      arn: topicArn,
      subscriptions: subscribed.map(
        ({ queue, filterPolicy }): SubscriptionSpec => ({ queue: textFact(queue, 'name'), filterPolicy }),
      ),
    },
    queues: subscribed.map(
      ({ queue }): QueueSpec => ({
        name: textFact(queue, 'name'),
        visibilityTimeoutSeconds: numberFact(queue, 'visibility_timeout_seconds', DEFAULT_VISIBILITY_SECONDS),
        retentionSeconds: numberFact(queue, 'message_retention_seconds', DEFAULT_RETENTION_SECONDS),
      }),
    ),
  };
}

const SUBSCRIPTION = [
  ['protocol', 'sqs'],
  ['raw_message_delivery', true],
  ['filter_policy_scope', 'MessageAttributes'],
] as const;
