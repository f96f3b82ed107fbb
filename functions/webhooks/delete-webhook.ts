import type { Webhook } from '../../core/domain/webhook.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireWebhook } from '../../core/http/require-owned.ts';
import { type ApiResponse, noContent } from '../../core/http/response.ts';

export interface DeleteWebhookDeps {
  readonly getWebhook: Find<Webhook>;
  readonly removeWebhook: (webhookId: string) => Promise<void>;
}

/** DELETE /v1/webhooks/{id}. What waits to be sent is not sent any more. */
export const deleteWebhook =
  (deps: DeleteWebhookDeps) =>
  async ({ access, pathId }: ApiRequest): Promise<ApiResponse> => {
    const { webhookId } = await requireWebhook(deps.getWebhook, access.projectId, pathId);
    await deps.removeWebhook(webhookId);
    return noContent();
  };
