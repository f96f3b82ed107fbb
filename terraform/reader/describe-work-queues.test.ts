import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeWorkQueues } from './describe-work-queues.ts';
import { faultOf, withModule } from './testing/read-source.ts';

const QUEUE = `resource "aws_sqs_queue" "work" {
  name = "work"
  redrive_policy = jsonencode({ maxReceiveCount = 7 })
}
`;
const mappingOf = (more = 'function_response_types = ["ReportBatchItemFailures"]', name = 'main') =>
  `resource "aws_lambda_event_source_mapping" "${name}" {
  event_source_arn = aws_sqs_queue.work.arn
  function_name = "arn:worker"
  ${more}
}
`;
const read = (...texts: readonly string[]) =>
  withModule(texts.join(''), (platform) => describeWorkQueues(platform, (arn) => arn.replace('arn:', '')));

const queues = suite('queues that functions work off, read from the Terraform');

queues('have their function, its batches, and how often a message is tried', () => {
  assert.equal(read(QUEUE, mappingOf()), [
    {
      name: 'work',
      visibilityTimeoutSeconds: 30,
      retentionSeconds: 345_600,
      maxReceives: 7,
      handTo: 'worker',
      batchSize: 10,
    },
  ]);
});

queues('are only those that have one', () => {
  assert.equal(read(QUEUE), []);
});

queues('go to one function, which says what it has not done', () => {
  assert.match(
    faultOf(() => read(QUEUE, mappingOf(), mappingOf(undefined, 'second'))),
    /one function only$/,
  );
  assert.match(
    faultOf(() => read(QUEUE, mappingOf(''))),
    /function_response_types/,
  );
});

queues.run();
