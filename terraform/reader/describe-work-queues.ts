/** Queues that a function works off. Their dead letters stay where they arise: in the log. */

import { describeQueue } from './describe-topics.ts';
import { TerraformFault } from './expression.ts';
import { jsonFact, numberFact, requireFact, textFact } from './fact.ts';
import type { QueueSpec } from './infrastructure.ts';
import type { Module } from './module.ts';
import { arnOf } from './targets.ts';

const DEFAULT_BATCH_SIZE = 10;

export function describeWorkQueues(platform: Module, functionOf: (arn: string) => string): QueueSpec[] {
  const mappings = platform.resources('aws_lambda_event_source_mapping');
  return platform.resources('aws_sqs_queue').flatMap((queue) => {
    const [mapping, ...others] = mappings.filter(
      (each) => textFact(each, 'event_source_arn') === arnOf(queue),
    );
    if (mapping === undefined) return [];
    if (others.length > 0)
      throw new TerraformFault(mapping.at, `${queue.address}: a machine hands a queue to one function only`);
    requireFact(mapping, 'function_response_types', ['ReportBatchItemFailures']);
    const { maxReceiveCount } = jsonFact<{ maxReceiveCount: number }>(queue, 'redrive_policy');
    return [
      {
        ...describeQueue(queue),
        maxReceives: maxReceiveCount,
        handTo: functionOf(textFact(mapping, 'function_name')),
        batchSize: numberFact(mapping, 'batch_size', DEFAULT_BATCH_SIZE),
      },
    ];
  });
}
