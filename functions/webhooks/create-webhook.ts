import { AppError } from '../../core/domain/errors.ts';
import type { EventCategory } from '../../core/domain/session-event.ts';
import {
  MAX_WEBHOOKS_OF_A_PROJECT,
  toWebhookViewWithSecret,
  type Webhook,
} from '../../core/domain/webhook.ts';
import { newSecret } from '../../core/domain/webhook-secret.ts';
import { type ApiRequest, projectOf } from '../../core/http/request.ts';
import { type ApiResponse, created } from '../../core/http/response.ts';
import type { AllowedNetworks } from '../../core/public-network/public-address.ts';
import { requireWebhookUrl } from './webhook-target.ts';

export interface CreateWebhookBody {
  readonly projectId?: string;
  readonly endpoint: string;
  readonly description?: string;
  readonly eventTypes?: Webhook['eventTypes'];
  readonly categories?: readonly EventCategory[];
  readonly enabled?: boolean;
}

export interface CreateWebhookDeps {
  readonly newId: () => string;
  readonly newSecretBytes: () => Buffer;
  readonly now: () => Date;
  readonly allowedNetworks: AllowedNetworks;
  readonly countWebhooks: (projectId: string) => Promise<number>;
  readonly storeWebhook: (webhook: Webhook) => Promise<void>;
}

/** POST /v1/webhooks. Its answer is the only one, but that of a rotation, that the secret is in. */
export const createWebhook =
  (deps: CreateWebhookDeps) =>
  async ({ access, body }: ApiRequest<CreateWebhookBody>): Promise<ApiResponse> => {
    const projectId = projectOf(access, body.projectId);
    requireWebhookUrl(body.endpoint, deps.allowedNetworks);
    // As its index shows it: of two at the same moment both may be taken.
    if ((await deps.countWebhooks(projectId)) >= MAX_WEBHOOKS_OF_A_PROJECT)
      throw new AppError('TOO_MANY_WEBHOOKS', [MAX_WEBHOOKS_OF_A_PROJECT]);
    const now = deps.now();
    const webhook: Webhook = {
      webhookId: deps.newId(),
      projectId,
      endpoint: body.endpoint,
      ...(body.description === undefined ? {} : { description: body.description }),
      eventTypes: body.eventTypes ?? [],
      categories: body.categories ?? [],
      isEnabled: body.enabled ?? true,
      secrets: [newSecret(deps.newSecretBytes(), now)],
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
    };
    await deps.storeWebhook(webhook);
    return created(toWebhookViewWithSecret(webhook));
  };
