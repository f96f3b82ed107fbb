import type { WebhookChanges } from '../../core/aws/webhooks/update-webhook.ts';
import { AppError } from '../../core/domain/errors.ts';
import { toWebhookViewWithSecret, type Webhook } from '../../core/domain/webhook.ts';
import { DEFAULT_OVERLAP_SECONDS, newSecret, rotateSecrets } from '../../core/domain/webhook-secret.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { type Find, requireWebhook } from '../../core/http/require-owned.ts';
import { type ApiResponse, ok } from '../../core/http/response.ts';

export interface RotateWebhookSecretDeps {
  readonly newSecretBytes: () => Buffer;
  readonly now: () => Date;
  readonly getWebhook: Find<Webhook>;
  readonly updateWebhook: (seen: Webhook, changes: WebhookChanges) => Promise<Webhook | undefined>;
}

export interface RotateWebhookSecretBody {
  readonly overlapSeconds?: number;
}

/** POST /v1/webhooks/{id}/secret: a new secret, which the old one stays beside for a while. */
export const rotateWebhookSecret =
  (deps: RotateWebhookSecretDeps) =>
  async ({ access, pathId, body }: ApiRequest<RotateWebhookSecretBody>): Promise<ApiResponse> => {
    const webhook = await requireWebhook(deps.getWebhook, access.projectId, pathId);
    const now = deps.now();
    const next = newSecret(deps.newSecretBytes(), now);
    const overlapSeconds = body.overlapSeconds ?? DEFAULT_OVERLAP_SECONDS;
    const secrets = rotateSecrets(webhook.secrets, next, overlapSeconds);
    const updated = await deps.updateWebhook(webhook, { secrets, updatedAt: now.toISOString() });
    if (updated === undefined) throw new AppError('WEBHOOK_CHANGED', [pathId]);
    return ok(toWebhookViewWithSecret(updated));
  };
