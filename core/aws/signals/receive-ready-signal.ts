import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { READY_SIGNAL } from '../../domain/timing.ts';

const MAX_MESSAGES = 10;
// A message that went round this often has no waiter left.
const MAX_RECEIVES = 3;

export interface ReadyQueue {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/**
 * Waits until the queue says that `sessionId` has changed, or `signal` aborts. Two creates may wait on one queue: a
 * message for the other one is put back at once.
 */
export async function receiveReadySignal(
  queue: ReadyQueue,
  sessionId: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const messages = await receive(queue, signal);
    const mine = messages.filter(({ Body }) => Body === sessionId);
    const others = messages.filter(({ Body }) => Body !== sessionId);
    await Promise.all([
      ...mine.map((message) => remove(queue, message)),
      ...others.map((m) => putBack(queue, m)),
    ]);
    if (mine.length > 0) return;
  }
}

async function receive({ client, queueUrl }: ReadyQueue, signal: AbortSignal): Promise<Message[]> {
  try {
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        WaitTimeSeconds: READY_SIGNAL.longPollMs / 1000,
        MaxNumberOfMessages: MAX_MESSAGES,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
      { abortSignal: signal },
    );
    return Messages ?? [];
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}

async function remove({ client, queueUrl }: ReadyQueue, message: Message): Promise<void> {
  await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
}

async function putBack(queue: ReadyQueue, message: Message): Promise<void> {
  const receives = Number(message.Attributes?.ApproximateReceiveCount ?? MAX_RECEIVES);
  if (receives >= MAX_RECEIVES) return remove(queue, message);
  await queue.client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue.queueUrl,
      ReceiptHandle: message.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
}
