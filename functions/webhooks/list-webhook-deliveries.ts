import type { DeliveryQuery } from '../../core/aws/webhooks/list-deliveries.ts';
import type { Webhook } from '../../core/domain/webhook.ts';
import { toDeliveryView, type WebhookDelivery } from '../../core/domain/webhook-delivery.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireWebhook } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

/** As they stand in the URL: the contract has checked what they say. */
export interface ListDeliveriesQuery {
  readonly status?: 'failed';
  readonly before?: string;
  readonly limit?: string;
}

export interface ListWebhookDeliveriesDeps {
  readonly getWebhook: Find<Webhook>;
  readonly listDeliveries: (webhookId: string, query: DeliveryQuery) => Promise<readonly WebhookDelivery[]>;
}

const DEFAULT_LIMIT = 20;

/** GET /v1/webhooks/{id}/deliveries: a bare array, the newest event first. */
export const listWebhookDeliveries =
  (deps: ListWebhookDeliveriesDeps) =>
  async ({ access, pathId, query }: ApiRequest<unknown, ListDeliveriesQuery>): Promise<ApiResponse> => {
    const { webhookId } = await requireWebhook(deps.getWebhook, access.projectId, pathId);
    const { status, before, limit = DEFAULT_LIMIT } = query;
    const wanted = { before, limit: Number(limit), isFailed: status === 'failed' };
    return ok((await deps.listDeliveries(webhookId, wanted)).map(toDeliveryView));
  };
