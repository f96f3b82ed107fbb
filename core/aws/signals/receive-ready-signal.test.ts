import type { SQSClient } from '@aws-sdk/client-sqs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { READY_SIGNAL } from '../../domain/timing.ts';
import { type Answers, createFakeClient, failureOf } from '../testing/fake-client.ts';
import { receiveReadySignal } from './receive-ready-signal.ts';

const message = (Body: string, receives = 1) => ({
  Body,
  ReceiptHandle: `handle-of-${Body}`,
  Attributes: { ApproximateReceiveCount: String(receives) },
});
const never = new AbortController().signal;

function queueThat(answers: Answers) {
  const { client, sent } = createFakeClient<SQSClient>(answers);
  const queue = { client, queueUrl: 'https://queue' };
  return { queue, sent, calls: () => sent.map(({ name, input }) => [name, input.ReceiptHandle]) };
}

const signals = suite('receiveReadySignal');

signals('polls as long as SQS allows, and again until the session is named', async () => {
  const { queue, sent, calls } = queueThat([{}, { Messages: [message('s1')] }, {}]);
  await receiveReadySignal(queue, 's1', never);
  assert.equal(calls(), [
    ['ReceiveMessageCommand', undefined],
    ['ReceiveMessageCommand', undefined],
    ['DeleteMessageCommand', 'handle-of-s1'],
  ]);
  assert.is(sent[0]?.input.WaitTimeSeconds, READY_SIGNAL.longPollMs / 1000);
});

signals('puts a message for another create back at once', async () => {
  const { queue, sent, calls } = queueThat([{ Messages: [message('s2'), message('s1')] }, {}, {}]);
  await receiveReadySignal(queue, 's1', never);
  assert.equal(calls().slice(1), [
    ['DeleteMessageCommand', 'handle-of-s1'],
    ['ChangeMessageVisibilityCommand', 'handle-of-s2'],
  ]);
  assert.is(sent[2]?.input.VisibilityTimeout, 0);
});

signals('removes a message that has gone round: nobody waits for it any more', async () => {
  const { queue, calls } = queueThat([
    { Messages: [message('s2', 3)] },
    {},
    { Messages: [message('s1')] },
    {},
  ]);
  await receiveReadySignal(queue, 's1', never);
  assert.equal(calls()[1], ['DeleteMessageCommand', 'handle-of-s2']);
});

signals('ends when nobody waits for it, also in the middle of a poll', async () => {
  const gone = new AbortController();
  const { queue } = queueThat([]);
  gone.abort();
  await receiveReadySignal(queue, 's1', gone.signal);

  const waiting = new AbortController();
  const client = {
    send: (_command: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
      new Promise((_resolve, reject) =>
        abortSignal.addEventListener('abort', () => reject(abortSignal.reason)),
      ),
  } as unknown as SQSClient;
  const received = receiveReadySignal({ client, queueUrl: 'https://queue' }, 's1', waiting.signal);
  waiting.abort();
  await received;
});

signals('hands on a queue that fails', async () => {
  const { queue } = queueThat([new Error('queue is gone')]);
  assert.is((await failureOf(receiveReadySignal(queue, 's1', never))).message, 'queue is gone');
});

signals.run();
