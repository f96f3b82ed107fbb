import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Webhook } from '../../core/domain/webhook.ts';
import {
  afterTry,
  type DeliveryChanges,
  type DeliveryRef,
  givenUp,
  type WebhookDelivery,
} from '../../core/domain/webhook-delivery.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { SendDelivery } from '../../core/webhooks/send-delivery.ts';

export interface DeliverWebhooksDeps {
  readonly logger: Logger;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly readRef: (body: string) => DeliveryRef;
  readonly getWebhook: (webhookId: string) => Promise<Webhook | undefined>;
  readonly getDelivery: (webhookId: string, deliveryId: string) => Promise<WebhookDelivery | undefined>;
  readonly send: SendDelivery;
  readonly changeDelivery: (seen: WebhookDelivery, changes: DeliveryChanges) => Promise<boolean>;
  readonly postpone: (receiptHandle: string, delaySeconds: number) => Promise<void>;
}

/** SQS's clocks and ours are not the same to the second. */
const EARLY_MS = 1_000;

/**
 * Messages of the queue, each a delivery to be tried, all at once. What is to be tried again stays in the queue and shows
 * up when its time has come; all other messages are done with.
 */
export const deliverWebhooks =
  (deps: DeliverWebhooksDeps) =>
  async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const isDone = await Promise.all(Records.map((record) => handle(deps, record)));
    const batchItemFailures = Records.filter((_, index) => isDone[index] !== true).map(({ messageId }) => ({
      itemIdentifier: messageId,
    }));
    return { batchItemFailures };
  };

/** False: it stays in the queue. After a fault of ours for as long as the queue says. */
async function handle(deps: DeliverWebhooksDeps, record: SQSRecord): Promise<boolean> {
  const { messageId, receiptHandle, body } = record;
  try {
    const againAt = await advance(deps, deps.readRef(body));
    if (againAt === undefined) return true;
    const delaySeconds = Math.max(Math.ceil((Date.parse(againAt) - deps.now().getTime()) / 1_000), 0);
    await deps.postpone(receiptHandle, delaySeconds);
  } catch (error) {
    deps.logger.error('a delivery could not be tried; it comes again', { messageId, error });
  }
  return false;
}

/** Brings a delivery one step on. Answers when it is due again; undefined when it is not. */
async function advance(deps: DeliverWebhooksDeps, ref: DeliveryRef): Promise<string | undefined> {
  const delivery = await deps.getDelivery(ref.webhookId, ref.deliveryId);
  if (delivery?.status !== 'pending' || delivery.round !== ref.round) return undefined;
  const { nextTryAt } = delivery;
  // Queued twice, and the other one has tried it.
  if (nextTryAt !== undefined && Date.parse(nextTryAt) - EARLY_MS > deps.now().getTime()) return nextTryAt;
  const webhook = await deps.getWebhook(ref.webhookId);
  if (webhook === undefined) return undefined;
  const changes = webhook.isEnabled ? await attempt(deps, webhook, delivery) : givenUp(delivery);
  // Else somebody has asked for it again meanwhile, or two have tried at the same moment: theirs goes on.
  const isOurs = await deps.changeDelivery(delivery, changes);
  return isOurs ? changes.nextTryAt : undefined;
}

async function attempt(deps: DeliverWebhooksDeps, webhook: Webhook, delivery: WebhookDelivery) {
  const made = await deps.send(webhook, delivery);
  const changes = afterTry(delivery, made, deps.now(), deps.random());
  const { webhookId, deliveryId, eventType } = delivery;
  const { durationMs, status, error } = made;
  deps.logger.info('webhook', {
    projectId: webhook.projectId,
    webhookId,
    deliveryId,
    eventType,
    outcome: changes.status,
    tryCount: changes.tryCount,
    durationMs,
    status,
    fault: error,
  });
  return changes;
}
