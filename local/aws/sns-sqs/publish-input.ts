import { AwsError } from '../wire/aws-error.ts';
import type { MessageAttributes } from './filter-policy.ts';

export interface PublishInput {
  readonly topicArn: string;
  readonly message: string;
  readonly attributes: MessageAttributes;
}

const ATTRIBUTE = /^MessageAttributes\.entry\.(\d+)\.(?:Name|Value\.(?:DataType|StringValue))$/;
const PLAIN = ['Action', 'Version', 'TopicArn', 'Message'];
const MAX_MESSAGE_BYTES = 256 * 1024;

/** Reads Publish from the query protocol's form. A parameter without effect here is refused. */
export function readPublish(form: URLSearchParams): PublishInput {
  const numbers = new Set<string>();
  for (const name of form.keys()) {
    const number = ATTRIBUTE.exec(name)?.[1];
    if (number !== undefined) numbers.add(number);
    else if (!PLAIN.includes(name))
      throw new AwsError('InvalidParameter', `Publish: this stand-in does not support ${name}`);
  }
  const message = required(form, 'Message');
  if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) {
    throw new AwsError('InvalidParameter', 'Invalid parameter: Message too long');
  }
  return {
    topicArn: required(form, 'TopicArn'),
    message,
    attributes: Object.fromEntries([...numbers].map((number) => readAttribute(form, number))),
  };
}

function readAttribute(form: URLSearchParams, number: string): readonly [name: string, value: string] {
  const prefix = `MessageAttributes.entry.${number}`;
  const name = required(form, `${prefix}.Name`);
  if (form.get(`${prefix}.Value.DataType`) !== 'String') {
    throw new AwsError(
      'ParameterValueInvalid',
      `This stand-in supports text attributes only: ${name} is none`,
    );
  }
  return [name, required(form, `${prefix}.Value.StringValue`)];
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw new AwsError('InvalidParameter', `Invalid parameter: ${name}`);
  return value;
}
