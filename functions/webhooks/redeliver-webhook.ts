import { AppError } from '../../core/domain/errors.ts';
import { isUuid } from '../../core/domain/ids.ts';
import type { Webhook } from '../../core/domain/webhook.ts';
import {
  askedAgain,
  type DeliveryChanges,
  type DeliveryRef,
  toDeliveryView,
  type WebhookDelivery,
} from '../../core/domain/webhook-delivery.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireWebhook } from '../../core/http/require-owned.ts';
import type { ApiResponse } from '../../core/http/response.ts';

export interface RedeliverWebhookDeps {
  readonly now: () => Date;
  readonly getWebhook: Find<Webhook>;
  readonly getDelivery: (webhookId: string, deliveryId: string) => Promise<WebhookDelivery | undefined>;
  readonly changeDelivery: (seen: WebhookDelivery, changes: DeliveryChanges) => Promise<boolean>;
  readonly queueDelivery: (ref: DeliveryRef, projectId: string) => Promise<void>;
}

/**
 * POST /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver: the same message again, with tries from the beginning. Also of
 * one that waits: what it waits in is not asked any more.
 */
export const redeliverWebhook =
  (deps: RedeliverWebhookDeps) =>
  async ({ access, pathId, pathIds }: ApiRequest): Promise<ApiResponse> => {
    const webhook = await requireWebhook(deps.getWebhook, access.projectId, pathId);
    const { deliveryId = '' } = pathIds;
    const delivery = isUuid(deliveryId) ? await deps.getDelivery(webhook.webhookId, deliveryId) : undefined;
    if (delivery === undefined) throw new AppError('DELIVERY_NOT_FOUND', [deliveryId]);
    if (!webhook.isEnabled) throw new AppError('WEBHOOK_DISABLED', [pathId]);
    const changes = askedAgain(delivery, deps.now());
    if (!(await deps.changeDelivery(delivery, changes))) throw new AppError('DELIVERY_CHANGED', [deliveryId]);
    const waiting = { ...delivery, ...changes };
    await deps.queueDelivery(waiting, webhook.projectId);
    return { status: 202, body: toDeliveryView(waiting) };
  };
