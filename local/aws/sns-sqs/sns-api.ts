import { randomUUID } from 'node:crypto';
import type { TopicSpec } from '../../../terraform/reader/infrastructure.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsCall, AwsService } from '../wire/aws-server.ts';
import { readBody } from '../wire/read-body.ts';
import { send } from '../wire/respond.ts';
import { element, textElement } from '../wire/xml.ts';
import { passesFilter } from './filter-policy.ts';
import { type PublishInput, readPublish } from './publish-input.ts';
import type { Queue } from './queue.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** SNS, query protocol: Publish to topics whose subscribers are queues, with raw message delivery. */
export function createSnsApi({
  topics,
  queues,
}: {
  readonly topics: readonly TopicSpec[];
  readonly queues: ReadonlyMap<string, Queue>;
}): AwsService {
  const publish = ({ topicArn, message, attributes }: PublishInput): void => {
    const topic = topics.find(({ arn }) => arn === topicArn);
    if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
    for (const { queue, filterPolicy } of topic.subscriptions) {
      if (passesFilter(filterPolicy, attributes)) queues.get(queue)?.send(message);
    }
  };
  return {
    protocol: 'query',
    async handle(call) {
      const form = await readForm(call);
      call.authorize('Publish', Object.fromEntries(form));
      publish(readPublish(form));
      answer(call);
    },
  };
}

async function readForm({ request, payloadHash, path, method }: AwsCall): Promise<URLSearchParams> {
  const body = await readBody(request, { maxBytes: MAX_BODY_BYTES, payloadHash });
  const form = new URLSearchParams(body.toString('utf8'));
  const action = form.get('Action') ?? '';
  if (method === 'POST' && path === '/' && action === 'Publish') return form;
  throw new AwsError('InvalidAction', `This stand-in does not support ${action || `${method} ${path}`}`);
}

function answer({ response, requestId }: AwsCall): void {
  const result = element('PublishResult', textElement('MessageId', randomUUID()));
  const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
  const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';
  send(response, 200, 'text/xml', `<PublishResponse ${namespace}>${result}${metadata}</PublishResponse>`);
}
