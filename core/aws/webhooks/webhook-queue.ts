import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isObject } from '../../domain/is-object.ts';
import type { DeliveryRef } from '../../domain/webhook-delivery.ts';

export interface WebhookQueue {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** `projectId` is the group: SQS gives each its turn, so that one with many slow receivers does not hold up the others. */
export async function queueDelivery(
  { client, queueUrl }: WebhookQueue,
  { webhookId, deliveryId, round }: DeliveryRef,
  projectId: string,
): Promise<void> {
  await client.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify({ webhookId, deliveryId, round }),
      MessageGroupId: projectId,
    }),
  );
}

/** Throws at what `queueDelivery` has not written. */
export function readDeliveryRef(body: string): DeliveryRef {
  const ref: unknown = JSON.parse(body);
  if (!isObject(ref)) throw new Error('The message is no delivery');
  const { webhookId, deliveryId, round } = ref;
  if (typeof webhookId !== 'string' || typeof deliveryId !== 'string' || typeof round !== 'number')
    throw new Error('The message is no delivery');
  return { webhookId, deliveryId, round };
}

/** A message that was received comes again so much later. */
export async function postponeDelivery(
  { client, queueUrl }: WebhookQueue,
  receiptHandle: string,
  delaySeconds: number,
): Promise<void> {
  await client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: delaySeconds,
    }),
  );
}
