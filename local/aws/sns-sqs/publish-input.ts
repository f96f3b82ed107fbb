import { AwsError } from '../wire/aws-error.ts';
import type { MessageAttribute, MessageAttributes } from './message-attributes.ts';

export interface PublishInput {
  readonly topicArn: string;
  readonly message: string;
  readonly attributes: MessageAttributes;
}

const ATTRIBUTE = /^MessageAttributes\.entry\.(\d+)\.(Name|Value\.(?:DataType|StringValue|BinaryValue))$/;
const PLAIN = ['Action', 'Version', 'TopicArn', 'Message'];

/** Reads Publish from the query protocol's form. A parameter without effect here is refused. */
export function readPublish(form: URLSearchParams): PublishInput {
  const entries = new Map<string, Record<string, string>>();
  for (const [name, value] of form) {
    const [, index, field] = ATTRIBUTE.exec(name) ?? [];
    if (index !== undefined && field !== undefined) {
      entries.set(index, { ...entries.get(index), [field.replace('Value.', '')]: value });
    } else if (!PLAIN.includes(name)) {
      throw new AwsError('InvalidParameter', `Publish: this stand-in does not support ${name}`);
    }
  }
  return {
    topicArn: required(form, 'TopicArn'),
    message: required(form, 'Message'),
    attributes: Object.fromEntries(
      [...entries.values()].map(({ Name = '', ...attribute }) => [
        Name,
        attribute as unknown as MessageAttribute,
      ]),
    ),
  };
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw new AwsError('InvalidParameter', `Invalid parameter: ${name}`);
  return value;
}
