import { toWebhookView, type Webhook } from '../../core/domain/webhook.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireWebhook } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface RetrieveWebhookDeps {
  readonly getWebhook: Find<Webhook>;
}

/** GET /v1/webhooks/{id} */
export const retrieveWebhook =
  ({ getWebhook }: RetrieveWebhookDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> =>
    ok(toWebhookView(await requireWebhook(getWebhook, access.projectId, pathId)));
