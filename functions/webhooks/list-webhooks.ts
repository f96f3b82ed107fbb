import { toWebhookView, type Webhook } from '../../core/domain/webhook.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface ListWebhooksDeps {
  readonly listWebhooks: (projectId: string) => Promise<readonly Webhook[]>;
}

/** GET /v1/webhooks: a bare array, the newest first. */
export const listWebhooks =
  (deps: ListWebhooksDeps) =>
  async ({ access }: ApiRequest): Promise<ApiResponse> =>
    ok((await deps.listWebhooks(access.projectId)).map(toWebhookView));
