import { randomUUID } from 'node:crypto';
import type { SubscriptionSpec } from '../../../terraform/reader/infrastructure.ts';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { readBody } from '../wire/read-body.ts';
import { send } from '../wire/respond.ts';
import { element, textElement } from '../wire/xml.ts';
import { passesFilter } from './filter-policy.ts';
import { checkAttributes } from './message-attributes.ts';
import { type PublishInput, readPublish } from './publish-input.ts';
import type { Queue } from './queue.ts';
import { MAX_MESSAGE_BYTES } from './sqs-api.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;

/** SNS, query protocol: Publish to one topic whose subscribers are queues, with raw message delivery. */
export function createSnsApi(options: {
  readonly topicArn: string;
  readonly subscriptions: readonly SubscriptionSpec[];
  readonly queues: ReadonlyMap<string, Queue>;
}): AwsService {
  const publish = ({ topicArn, message, attributes }: PublishInput): void => {
    if (topicArn !== options.topicArn)
      throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
    if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) {
      throw new AwsError('InvalidParameter', 'Invalid parameter: Message too long');
    }
    checkAttributes(attributes, 'ParameterValueInvalid');
    for (const { queue, filterPolicy } of options.subscriptions) {
      if (passesFilter(filterPolicy, attributes)) options.queues.get(queue)?.send(message, attributes);
    }
  };

  return {
    protocol: 'query',
    async handle({ request, response, requestId, payloadHash, path, method, authorize }) {
      const body = await readBody(request, { maxBytes: MAX_BODY_BYTES, payloadHash });
      const form = new URLSearchParams(body.toString('utf8'));
      const action = form.get('Action') ?? '';
      if (method !== 'POST' || path !== '/' || action !== 'Publish') {
        throw new AwsError(
          'InvalidAction',
          `This stand-in does not support ${action || `${method} ${path}`}`,
        );
      }
      authorize(action, Object.fromEntries(form));
      publish(readPublish(form));
      const result = element('PublishResult', textElement('MessageId', randomUUID()));
      const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
      const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';
      send(response, 200, 'text/xml', `<PublishResponse ${namespace}>${result}${metadata}</PublishResponse>`);
    },
  };
}
