import { createHash } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createInputReader } from '../wire/input-reader.ts';
import { type CallContext, createJsonService, type JsonObject } from '../wire/json-service.ts';
import type { Message, Queue } from './queue.ts';

const MAX_RECEIVED = 10;
const MAX_WAIT_SECONDS = 20;
const MAX_VISIBILITY_SECONDS = 43_200;
const RECEIPT = /^[0-9a-f-]{36}:[0-9a-f-]{36}$/;

const read = createInputReader('InvalidParameterValue');

/** SQS: what a receiver calls, on standard queues in memory. What is queued does not survive a restart. */
export function createSqsApi(queues: ReadonlyMap<string, Queue>): AwsService {
  const find = (input: JsonObject): Queue => {
    const name = read.text(input, 'QueueUrl').split('/').at(-1) ?? '';
    const queue = queues.get(name);
    if (queue !== undefined) return queue;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', {
      queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  };
  return createJsonService({
    targetPrefix: 'AmazonSQS',
    version: '1.0',
    operations: {
      ReceiveMessage: (input, context) => receiveMessage(find(input), input, context),
      DeleteMessage(input) {
        read.only('DeleteMessage', input, ['QueueUrl', 'ReceiptHandle']);
        find(input).delete(readReceipt(input));
        return {};
      },
      ChangeMessageVisibility: (input) => changeVisibility(find(input), input),
    },
  });
}

async function receiveMessage(queue: Queue, input: JsonObject, { gone }: CallContext): Promise<object> {
  read.only('ReceiveMessage', input, [
    'QueueUrl',
    'MaxNumberOfMessages',
    'WaitTimeSeconds',
    'MessageSystemAttributeNames',
  ]);
  const waitSeconds = read.optionalInteger(input, 'WaitTimeSeconds', { min: 0, max: MAX_WAIT_SECONDS });
  const max = read.optionalInteger(input, 'MaxNumberOfMessages', { min: 1, max: MAX_RECEIVED });
  const attributes = read.texts(input, 'MessageSystemAttributeNames');
  const other = attributes.find((name) => name !== 'ApproximateReceiveCount');
  if (other !== undefined)
    throw new AwsError('InvalidAttributeName', `This stand-in does not support ${other}`);
  const messages = await queue.receive({ max: max ?? 1, waitMs: (waitSeconds ?? 0) * 1000, gone });
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => describe(message, attributes.length > 0)) };
}

const describe = ({ id, receipt, body, receiveCount }: Message, isCounted: boolean): object => ({
  MessageId: id,
  ReceiptHandle: receipt,
  // The SDK compares it.
  MD5OfBody: createHash('md5').update(body).digest('hex'),
  Body: body,
  ...(isCounted ? { Attributes: { ApproximateReceiveCount: String(receiveCount) } } : {}),
});

function changeVisibility(queue: Queue, input: JsonObject): object {
  read.only('ChangeMessageVisibility', input, ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout']);
  const range = { min: 0, max: MAX_VISIBILITY_SECONDS };
  const seconds = read.optionalInteger(input, 'VisibilityTimeout', range);
  if (seconds === undefined) throw new AwsError('MissingParameter', 'VisibilityTimeout is required');
  if (queue.changeVisibility(readReceipt(input), seconds * 1000)) return {};
  throw new AwsError('MessageNotInflight', 'The message is not in flight', {
    queryCode: 'AWS.SimpleQueueService.MessageNotInflight',
  });
}

function readReceipt(input: JsonObject): string {
  const receipt = read.text(input, 'ReceiptHandle');
  if (RECEIPT.test(receipt)) return receipt;
  throw new AwsError('ReceiptHandleIsInvalid', 'The receipt handle is not valid.');
}
