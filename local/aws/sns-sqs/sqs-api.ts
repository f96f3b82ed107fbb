import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createInputReader, isObject } from '../wire/input-reader.ts';
import { type CallContext, createJsonService, type JsonObject } from '../wire/json-service.ts';
import {
  checkAttributes,
  digestAttributes,
  type MessageAttributes,
  md5Hex,
  selectAttributes,
} from './message-attributes.ts';
import type { Message, Queue } from './queue.ts';

const MAX_BATCH = 10;
const MAX_WAIT_SECONDS = 20;
const MAX_VISIBILITY_SECONDS = 43_200;
export const MAX_MESSAGE_BYTES = 256 * 1024;
const RECEIPT = /^[0-9a-f-]{36}:[0-9a-f-]{36}$/;

const read = createInputReader('InvalidParameterValue');
const VISIBILITY = { min: 0, max: MAX_VISIBILITY_SECONDS };

/** SQS: standard queues in memory, long polling, visibility. What is queued does not survive a restart. */
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
      SendMessage(input) {
        read.only('SendMessage', input, ['QueueUrl', 'MessageBody', 'MessageAttributes']);
        return sendMessage(find(input), input);
      },
      ReceiveMessage: (input, context) => receiveMessage(find(input), input, context),
      DeleteMessage(input) {
        read.only('DeleteMessage', input, ['QueueUrl', 'ReceiptHandle']);
        find(input).delete(readReceipt(input));
        return {};
      },
      DeleteMessageBatch(input) {
        read.only('DeleteMessageBatch', input, ['QueueUrl', 'Entries']);
        return deleteBatch(find(input), read.objects(input, 'Entries'));
      },
      ChangeMessageVisibility(input) {
        read.only('ChangeMessageVisibility', input, ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout']);
        const seconds = read.optionalInteger(input, 'VisibilityTimeout', VISIBILITY);
        if (seconds === undefined) throw new AwsError('MissingParameter', 'VisibilityTimeout is required');
        if (!find(input).changeVisibility(readReceipt(input), seconds * 1000)) {
          throw new AwsError('MessageNotInflight', 'The message is not in flight', {
            queryCode: 'AWS.SimpleQueueService.MessageNotInflight',
          });
        }
        return {};
      },
    },
  });
}

function sendMessage(queue: Queue, input: JsonObject): object {
  const body = read.text(input, 'MessageBody');
  if (Buffer.byteLength(body) > MAX_MESSAGE_BYTES) {
    throw new AwsError('InvalidParameterValue', `The message is longer than ${MAX_MESSAGE_BYTES} bytes`);
  }
  const attributes = input.MessageAttributes ?? {};
  if (!isObject(attributes))
    throw new AwsError('InvalidParameterValue', 'MessageAttributes must be an object');
  checkAttributes(attributes as MessageAttributes, 'InvalidParameterValue');
  const message = queue.send(body, attributes as MessageAttributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5Hex(body),
    MD5OfMessageAttributes: digestAttributes(message.attributes),
  };
}

async function receiveMessage(queue: Queue, input: JsonObject, { gone }: CallContext): Promise<object> {
  read.only('ReceiveMessage', input, [
    'QueueUrl',
    'MaxNumberOfMessages',
    'WaitTimeSeconds',
    'VisibilityTimeout',
    'MessageAttributeNames',
    'AttributeNames',
    'MessageSystemAttributeNames',
  ]);
  const visibility = read.optionalInteger(input, 'VisibilityTimeout', VISIBILITY);
  const wait = read.optionalInteger(input, 'WaitTimeSeconds', { min: 0, max: MAX_WAIT_SECONDS });
  const attributeNames = read.texts(input, 'MessageAttributeNames');
  const systemNames = [
    ...read.texts(input, 'AttributeNames'),
    ...read.texts(input, 'MessageSystemAttributeNames'),
  ];
  const messages = await queue.receive({
    max: read.optionalInteger(input, 'MaxNumberOfMessages', { min: 1, max: MAX_BATCH }) ?? 1,
    waitMs: (wait ?? 0) * 1000,
    ...(visibility === undefined ? {} : { visibilityMs: visibility * 1000 }),
    gone,
  });
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => describe(message, attributeNames, systemNames)) };
}

function describe(
  message: Message,
  attributeNames: readonly string[],
  systemNames: readonly string[],
): object {
  const attributes = selectAttributes(message.attributes, attributeNames);
  const system = {
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    SentTimestamp: String(message.sentAtMs),
  };
  const wanted = Object.entries(system).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5Hex(message.body),
    Body: message.body,
    ...(wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) }),
    ...(Object.keys(attributes).length === 0
      ? {}
      : { MessageAttributes: attributes, MD5OfMessageAttributes: digestAttributes(attributes) }),
  };
}

function readReceipt(input: JsonObject): string {
  const receipt = read.text(input, 'ReceiptHandle');
  if (!RECEIPT.test(receipt))
    throw new AwsError('ReceiptHandleIsInvalid', 'The receipt handle is not valid.');
  return receipt;
}

function deleteBatch(queue: Queue, entries: readonly JsonObject[]): object {
  const ids = entries.map((entry) => read.text(entry, 'Id'));
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There are no entries in the batch.');
  if (entries.length > MAX_BATCH)
    throw new AwsError('TooManyEntriesInBatchRequest', `At most ${MAX_BATCH} entries`);
  if (new Set(ids).size < ids.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Entry ids are to be distinct');
  const failed: object[] = [];
  const successful: object[] = [];
  for (const entry of entries) {
    const Id = read.text(entry, 'Id');
    const receipt = read.text(entry, 'ReceiptHandle');
    if (RECEIPT.test(receipt)) {
      queue.delete(receipt);
      successful.push({ Id });
    } else {
      failed.push({
        Id,
        Code: 'ReceiptHandleIsInvalid',
        SenderFault: true,
        Message: 'The receipt handle is not valid.',
      });
    }
  }
  return { Successful: successful, Failed: failed };
}
