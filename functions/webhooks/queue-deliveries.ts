import type { EventBridgeEvent } from 'aws-lambda';
import { type Webhook, wantsEvent } from '../../core/domain/webhook.ts';
import {
  type DeliverableEvent,
  type DeliveryRef,
  newDelivery,
  type WebhookDelivery,
} from '../../core/domain/webhook-delivery.ts';
import { deliveryIdOf } from '../../core/webhooks/delivery-id.ts';

export interface QueueDeliveriesDeps {
  readonly now: () => Date;
  readonly listWebhooks: (projectId: string) => Promise<readonly Webhook[]>;
  readonly storeDelivery: (delivery: WebhookDelivery) => Promise<void>;
  readonly queueDelivery: (ref: DeliveryRef, projectId: string) => Promise<void>;
}

/**
 * An event of the bus becomes a delivery for each webhook that wants it. The bus may tell it twice, and so may a run that
 * failed half-way: what is queued twice is sent once, because the delivery says how far it is.
 */
export const queueDeliveries =
  (deps: QueueDeliveriesDeps) =>
  async ({ detail }: EventBridgeEvent<string, DeliverableEvent>): Promise<void> => {
    const webhooks = await deps.listWebhooks(detail.projectId);
    const wanting = webhooks.filter((webhook) => wantsEvent(webhook, detail));
    await Promise.all(
      wanting.map(async ({ webhookId }) => {
        const deliveryId = deliveryIdOf(webhookId, detail);
        const delivery = newDelivery({ webhookId, deliveryId }, detail, deps.now());
        // First: what is in the queue is in the table.
        await deps.storeDelivery(delivery);
        await deps.queueDelivery(delivery, detail.projectId);
      }),
    );
  };
