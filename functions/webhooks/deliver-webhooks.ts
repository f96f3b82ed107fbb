import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Webhook } from '../../core/domain/webhook.ts';
import {
  afterTry,
  type DeliveryChanges,
  type DeliveryRef,
  type DeliveryStatus,
  type DeliveryTry,
  givenUp,
  type WebhookDelivery,
} from '../../core/domain/webhook-delivery.ts';
import { type DisabledReason, healthNewsOf } from '../../core/domain/webhook-health.ts';
import { logEvent } from '../../core/log/log-event.ts';
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
  readonly recordFailing: (webhookId: string, since: string) => Promise<void>;
  readonly recordWorking: (webhook: Webhook) => Promise<void>;
  /** False when it was changed or disabled meanwhile. */
  readonly disable: (webhook: Webhook, reason: DisabledReason) => Promise<boolean>;
  readonly tellDisabled: (webhook: Webhook, reason: DisabledReason) => Promise<void>;
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
  if (!isOurs) return undefined;
  const made = webhook.isEnabled ? changes.tries.at(-1) : undefined;
  if (made !== undefined) await noteHealth(deps, webhook, made, changes.status);
  return changes.nextTryAt;
}

/** What the try says of the webhook. The delivery goes its way whatever becomes of that: the next one says it again. */
async function noteHealth(
  deps: DeliverWebhooksDeps,
  webhook: Webhook,
  made: DeliveryTry,
  status: DeliveryStatus,
): Promise<void> {
  const { webhookId, projectId } = webhook;
  try {
    const news = healthNewsOf(webhook, made, status, deps.now());
    if (news?.kind === 'works') await deps.recordWorking(webhook);
    if (news?.kind === 'fails') await deps.recordFailing(webhookId, made.at);
    if (news?.kind !== 'disable' || !(await deps.disable(webhook, news.reason))) return;
    deps.logger.warn('a webhook is disabled', { projectId, webhookId, reason: news.reason });
    await deps.tellDisabled(webhook, news.reason);
  } catch (error) {
    deps.logger.error('the health of a webhook could not be kept', { projectId, webhookId, error });
  }
}

async function attempt(deps: DeliverWebhooksDeps, webhook: Webhook, delivery: WebhookDelivery) {
  const made = await deps.send(webhook, delivery);
  const changes = afterTry(delivery, made, deps.now(), deps.random());
  const { webhookId, deliveryId, eventType } = delivery;
  const { durationMs, status, error } = made;
  logEvent(deps.logger, 'webhook.tried', {
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
