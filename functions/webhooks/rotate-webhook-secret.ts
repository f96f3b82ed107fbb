import type { WebhookChanges } from '../../core/aws/webhooks/update-webhook.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Webhook } from '../../core/domain/webhook.ts';
import { newSecret, OVERLAP_SECONDS, rotateSecrets } from '../../core/domain/webhook-secret.ts';
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
  readonly revokeImmediately?: boolean;
}

/** POST /v1/webhooks/{id}/secret: a new secret, which the old one stays beside for a day, or not at all. */
export const rotateWebhookSecret =
  (deps: RotateWebhookSecretDeps) =>
  async ({ access, pathId, body }: ApiRequest<RotateWebhookSecretBody>): Promise<ApiResponse> => {
    const webhook = await requireWebhook(deps.getWebhook, access.projectId, pathId);
    const now = deps.now();
    const next = newSecret(deps.newSecretBytes(), now);
    const overlapSeconds = body.revokeImmediately ? 0 : OVERLAP_SECONDS;
    const secrets = rotateSecrets(webhook.secrets, next, overlapSeconds);
    const updated = await deps.updateWebhook(webhook, { secrets, updatedAt: now.toISOString() });
    if (updated === undefined) throw new AppError('WEBHOOK_CHANGED', [pathId]);
    return ok({ secret: next.secret });
  };
