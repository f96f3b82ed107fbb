import type { EventOfFunctions } from './functions-events.ts';
import type { EventCategory, EventType } from './session-event.ts';
import type { DisabledReason } from './webhook-health.ts';
import type { WebhookSecret } from './webhook-secret.ts';

/** One item of the table of webhooks: where a project wants to hear of its sessions. */
export interface Webhook {
  readonly webhookId: string;
  readonly projectId: string;
  /** May hold a secret of the receiver's: it is shown to the project only, and stands in no log. */
  readonly endpoint: string;
  readonly description?: string;
  /** Events of these types, or of these categories, are sent; where both are empty, all are. */
  readonly eventTypes: readonly (EventType | EventOfFunctions)[];
  readonly categories: readonly EventCategory[];
  readonly isEnabled: boolean;
  /** When the first try failed since one that arrived. */
  readonly failingSince?: string;
  /** Missing where a client has disabled it. */
  readonly disabledReason?: DisabledReason;
  /** The first one is the newest. The others are valid until their time, so that a receiver can take its turn. */
  readonly secrets: readonly [WebhookSecret, ...WebhookSecret[]];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** So many a project may have. */
export const MAX_WEBHOOKS_OF_A_PROJECT = 20;

/** As clients see it; its secrets are in no view. */
export const toWebhookView = (webhook: Webhook) => ({
  id: webhook.webhookId,
  projectId: webhook.projectId,
  endpoint: webhook.endpoint,
  description: webhook.description ?? null,
  eventTypes: webhook.eventTypes,
  categories: webhook.categories,
  enabled: webhook.isEnabled,
  failingSince: webhook.failingSince ?? null,
  disabledReason: webhook.disabledReason ?? null,
  createdAt: webhook.createdAt,
  updatedAt: webhook.updatedAt,
});

/** The answer to a create, which with that to a rotation is the only one that a secret is in. */
export const toWebhookViewWithSecret = (webhook: Webhook) => ({
  ...toWebhookView(webhook),
  secret: webhook.secrets[0].secret,
});

/** Whether a webhook is to hear of an event. */
export function wantsEvent(
  { isEnabled, eventTypes, categories }: Pick<Webhook, 'isEnabled' | 'eventTypes' | 'categories'>,
  { type, category }: { readonly type: string; readonly category: string },
): boolean {
  if (!isEnabled) return false;
  const wanted: readonly string[] = [...eventTypes, ...categories];
  return wanted.length === 0 || wanted.includes(type) || wanted.includes(category);
}
