import type { WebhookChanges } from '../../core/aws/webhooks/update-webhook.ts';
import { AppError } from '../../core/domain/errors.ts';
import { toWebhookView, type Webhook } from '../../core/domain/webhook.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireWebhook } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';
import type { AllowedNetworks } from '../../core/public-network/public-address.ts';
import type { CreateWebhookBody } from './create-webhook.ts';
import { requireWebhookUrl } from './webhook-target.ts';

export interface UpdateWebhookDeps {
  readonly now: () => Date;
  readonly allowedNetworks: AllowedNetworks;
  readonly getWebhook: Find<Webhook>;
  readonly updateWebhook: (seen: Webhook, changes: WebhookChanges) => Promise<Webhook | undefined>;
}

export type UpdateWebhookBody = Partial<Omit<CreateWebhookBody, 'projectId'>>;

/** PATCH /v1/webhooks/{id}: what is not in the body stays as it is, all of it where that is empty. */
export const updateWebhook =
  (deps: UpdateWebhookDeps) =>
  async ({ access, pathId, body }: ApiRequest<UpdateWebhookBody>): Promise<ApiResponse> => {
    const webhook = await requireWebhook(deps.getWebhook, access.projectId, pathId);
    if (Object.keys(body).length === 0) return ok(toWebhookView(webhook));
    if (body.endpoint !== undefined) requireWebhookUrl(body.endpoint, deps.allowedNetworks);
    const updated = await deps.updateWebhook(webhook, changesOf(body, deps.now()));
    if (updated === undefined) throw new AppError('WEBHOOK_CHANGED', [pathId]);
    return ok(toWebhookView(updated));
  };

function changesOf(body: UpdateWebhookBody, now: Date): WebhookChanges {
  const { enabled, endpoint, description, eventTypes, categories } = body;
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(description === undefined ? {} : { description }),
    ...(eventTypes === undefined ? {} : { eventTypes }),
    ...(categories === undefined ? {} : { categories }),
    ...(enabled === undefined ? {} : { isEnabled: enabled }),
    updatedAt: now.toISOString(),
  };
}
