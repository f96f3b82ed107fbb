import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createJsonService, operation, textUpTo } from '../wire/json-service.ts';
import type { Message, Queue } from './queue.ts';

const QueueUrl = z.string().min(1);
const ReceiptHandle = z.string().min(1);
const RECEIPT = /^[0-9a-f-]{36}:[0-9a-f-]{36}$/;

const RECEIVE_MESSAGE = z.strictObject({
  QueueUrl,
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  WaitTimeSeconds: z.int().min(0).max(20).default(0),
  MessageSystemAttributeNames: z.array(z.literal('ApproximateReceiveCount')).default([]),
});
const DELETE_MESSAGE = z.strictObject({ QueueUrl, ReceiptHandle });
const CHANGE_VISIBILITY = z.strictObject({
  QueueUrl,
  ReceiptHandle,
  VisibilityTimeout: z.int().min(0).max(43_200),
});

const MAX_MESSAGE_BYTES = 256 * 1024;
const SEND_MESSAGE = z.strictObject({
  QueueUrl,
  MessageBody: textUpTo(MAX_MESSAGE_BYTES),
  /** Whose turn it is matters where there are many. */
  MessageGroupId: z.string().min(1).max(128).optional(),
});

/** SQS: what senders and receivers call, on standard queues in memory. What is queued does not survive a restart. */
export function createSqsApi(queues: ReadonlyMap<string, Queue>): AwsService {
  const find = (queueUrl: string): Queue => {
    const queue = queues.get(queueUrl.split('/').at(-1) ?? '');
    if (queue !== undefined) return queue;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.', {
      queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  };
  return createJsonService({
    targetPrefix: 'AmazonSQS',
    version: '1.0',
    invalidInput: 'InvalidParameterValue',
    operations: {
      SendMessage: operation(SEND_MESSAGE, ({ QueueUrl: url, MessageBody }) => ({
        MessageId: find(url).send(MessageBody),
        MD5OfMessageBody: md5Of(MessageBody),
      })),
      ReceiveMessage: operation(RECEIVE_MESSAGE, async (input, { gone }) => {
        const { MaxNumberOfMessages: max, WaitTimeSeconds, MessageSystemAttributeNames } = input;
        const messages = await find(input.QueueUrl).receive({ max, waitMs: WaitTimeSeconds * 1000, gone });
        if (messages.length === 0) return {};
        return { Messages: messages.map((each) => describe(each, MessageSystemAttributeNames.length > 0)) };
      }),
      DeleteMessage: operation(DELETE_MESSAGE, (input) => {
        find(input.QueueUrl).delete(readReceipt(input));
        return {};
      }),
      ChangeMessageVisibility: operation(CHANGE_VISIBILITY, (input) => {
        const queue = find(input.QueueUrl);
        if (queue.changeVisibility(readReceipt(input), input.VisibilityTimeout * 1000)) return {};
        throw new AwsError('MessageNotInflight', 'The message is not in flight', {
          queryCode: 'AWS.SimpleQueueService.MessageNotInflight',
        });
      }),
    },
  });
}

function readReceipt({ ReceiptHandle }: { readonly ReceiptHandle: string }): string {
  if (RECEIPT.test(ReceiptHandle)) return ReceiptHandle;
  throw new AwsError('ReceiptHandleIsInvalid', 'The receipt handle is not valid.');
}

const md5Of = (body: string): string => createHash('md5').update(body).digest('hex');

const describe = ({ id, receipt, body, receiveCount }: Message, isCounted: boolean): object => ({
  MessageId: id,
  ReceiptHandle: receipt,
  // The SDK compares it.
  MD5OfBody: md5Of(body),
  Body: body,
  ...(isCounted ? { Attributes: { ApproximateReceiveCount: String(receiveCount) } } : {}),
});
