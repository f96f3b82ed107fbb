// What a stream, a bus or a queue hands to a function is tried so often and so long, and then kept where an alarm sees it.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBlock, numberFact, textFact } from '../../terraform/reader/fact.ts';
import { openPlatform } from '../../terraform/reader/platform.ts';
import type { NestedBlock, Resource } from '../../terraform/reader/resource.ts';

const platform = (await openPlatform(join(import.meta.dirname, '../..')))({});
const queues = platform.resources('aws_sqs_queue');
const arnsOfDeadLetters = queues
  .filter((queue) => textFact(queue, 'name').endsWith('-dead-letters'))
  .map((queue) => `arn:aws:sqs:us-west-2:000000000000:${textFact(queue, 'name')}`);
const FOURTEEN_DAYS = 14 * 24 * 60 * 60;
const DAY_SECONDS = 86_400;

const t = suite('what cannot be worked off');

/** The one block of this type, within others. */
function inside(resource: Resource, ...[type = '', ...rest]: readonly string[]): NestedBlock | undefined {
  return rest.reduce<NestedBlock | undefined>(
    (block, next) => block?.blocks(next)[0],
    resource.blocks(type)[0],
  );
}

/** By what the addresses end with: the stand-ins make up the account. */
const isDeadLetters = (arn: unknown): boolean =>
  arnsOfDeadLetters.some((known) => String(arn).split(':').at(-1) === known.split(':').at(-1));

for (const mapping of platform.resources('aws_lambda_event_source_mapping')) {
  const isOfStream = mapping.declares('starting_position');
  if (!isOfStream) continue;
  t(`of a stream is bounded, and its position is kept: ${mapping.address}`, () => {
    const tries = numberFact(mapping, 'maximum_retry_attempts');
    assert.ok(tries >= 0 && tries <= 100, `${tries} retries; -1 would be for ever`);
    const seconds = numberFact(mapping, 'maximum_record_age_in_seconds');
    assert.ok(seconds >= 60 && seconds <= DAY_SECONDS, `${seconds} s`);
    const failed = inside(mapping, 'destination_config', 'on_failure');
    assert.ok(isDeadLetters(failed?.get('destination_arn')), 'where its dead letters are');
  });
}

// A copy of what happened, for people who look for it: what is told by it alone is nothing.
const COPIES: readonly string[] = ['module.observability.aws_cloudwatch_event_target.lifecycle'];

for (const target of platform.resources('aws_cloudwatch_event_target')) {
  if (COPIES.includes(target.address)) continue;
  const retry = target.blocks('retry_policy')[0];
  t(`of a rule is bounded, and kept: ${target.address}`, () => {
    if (retry === undefined)
      throw new Error(`${target.address} would be tried for a day, 185 times, and then lost`);
    const policy = inBlock(target, retry);
    assert.ok(numberFact(policy, 'maximum_retry_attempts') <= 185);
    assert.ok(numberFact(policy, 'maximum_event_age_in_seconds') <= DAY_SECONDS);
    assert.ok(
      isDeadLetters(target.blocks('dead_letter_config')[0]?.get('arn')),
      'where its dead letters are',
    );
  });
}

for (const invocation of platform.resources('aws_lambda_function_event_invoke_config')) {
  t(`of a function that nobody waits for is bounded, and kept: ${invocation.address}`, () => {
    assert.ok(numberFact(invocation, 'maximum_retry_attempts') <= 2);
    assert.ok(isDeadLetters(inside(invocation, 'destination_config', 'on_failure')?.get('destination')));
  });
}

// A lost signal costs a waiting create a second: it reads its session by itself.
const SIGNALS = /-ready-\d+$/;

for (const queue of queues) {
  const name = textFact(queue, 'name');
  if (SIGNALS.test(name)) continue;
  const isOfLetters = name.endsWith('-dead-letters');
  t(`of a queue is ${isOfLetters ? 'kept for two weeks' : 'bounded, and kept'}: ${name}`, () => {
    if (isOfLetters) return assert.is(numberFact(queue, 'message_retention_seconds'), FOURTEEN_DAYS);
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(textFact(queue, 'redrive_policy'));
    assert.ok(isDeadLetters(deadLetterTargetArn));
    assert.ok(maxReceiveCount >= 2 && maxReceiveCount <= 20, `${maxReceiveCount} tries`);
  });
}

t.run();
