import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { TopicSpec } from '../../../terraform/reader/infrastructure.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall, AwsService } from '../wire/aws-server.ts';
import { readInput, textUpTo } from '../wire/json-service.ts';
import { readBody } from '../wire/read-body.ts';
import { send, toXml } from '../wire/respond.ts';
import type { Queue } from './queue.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;
const MAX_MESSAGE_BYTES = 256 * 1024;
const INVALID = ['Publish', 'InvalidParameter'] as const;
const MEMBER = /^MessageAttributes\.entry\.(\d+)\.(Name|Value\.DataType|Value\.StringValue)$/;

/** Publish, and its attributes by their numbers. What has no effect here is refused. */
const PUBLISH = z.strictObject({
  Action: z.literal('Publish'),
  Version: z.string(),
  TopicArn: z.string().min(1),
  Message: textUpTo(MAX_MESSAGE_BYTES),
});
const ATTRIBUTE = z.strictObject({
  Name: z.string().min(1),
  'Value.DataType': z.literal('String', 'This stand-in supports text attributes only'),
  'Value.StringValue': z.string().min(1),
});

/** SNS, query protocol: Publish to topics whose subscribers are queues, with raw message delivery. */
export const createSnsApi = ({
  topics,
  queues,
}: {
  readonly topics: readonly TopicSpec[];
  readonly queues: ReadonlyMap<string, Queue>;
}): AwsService => ({
  protocol: 'query',
  async handle(call) {
    const form = await readForm(call);
    call.authorize('Publish', Object.fromEntries(form));
    const { topicArn, message, attributes } = readPublish(form);
    const topic = topics.find(({ arn }) => arn === topicArn);
    if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
    for (const { queue, filterPolicy } of topic.subscriptions) {
      if (passesFilter(filterPolicy, attributes)) queues.get(queue)?.send(message);
    }
    const PublishResult = { MessageId: randomUUID() };
    const ResponseMetadata = { RequestId: call.requestId };
    const root = 'PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';
    send(call.response, 200, 'text/xml', toXml({ [root]: { PublishResult, ResponseMetadata } }));
  },
});

async function readForm(call: AwsCall): Promise<URLSearchParams> {
  const { path, method } = call;
  const form = new URLSearchParams((await readBody(call, MAX_BODY_BYTES)).toString('utf8'));
  const action = form.get('Action') ?? '';
  if (method === 'POST' && path === '/' && action === 'Publish') return form;
  throw new AwsError('InvalidAction', `This stand-in does not support ${action || `${method} ${path}`}`);
}

export function readPublish(form: URLSearchParams) {
  const plain: Record<string, string> = {};
  const attributes: Record<string, Record<string, string>> = {};
  for (const [name, value] of form) {
    const [, number, member] = MEMBER.exec(name) ?? [];
    if (number === undefined || member === undefined) plain[name] = value;
    else attributes[number] = { ...attributes[number], [member]: value };
  }
  const { TopicArn, Message } = readInput(PUBLISH, plain, INVALID);
  const texts = Object.values(attributes).map((each) => readInput(ATTRIBUTE, each, INVALID));
  return {
    topicArn: TopicArn,
    message: Message,
    attributes: Object.fromEntries(texts.map((each) => [each.Name, each['Value.StringValue']])),
  };
}

/** Whether a message passes a policy of exact strings: every name of the policy, with one of its values. */
export const passesFilter = (
  policy: Readonly<Record<string, readonly string[]>>,
  attributes: Readonly<Record<string, string>>,
): boolean =>
  Object.entries(policy).every(
    ([name, allowed]) => Object.hasOwn(attributes, name) && allowed.includes(attributes[name] ?? ''),
  );
