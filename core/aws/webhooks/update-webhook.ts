import type { Webhook } from '../../domain/webhook.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { updateIf } from '../dynamodb/update-if.ts';

/** What of a webhook can be changed. An empty description is none. */
export type WebhookChanges = Partial<
  Pick<Webhook, 'endpoint' | 'description' | 'eventTypes' | 'categories' | 'isEnabled' | 'secrets'>
> &
  Pick<Webhook, 'updatedAt'>;

/** What is known of its receiver so far. */
const HEALTH = ['failingSince', 'disabledReason'] as const;

/** The webhook after it. Undefined when it is gone, or was changed since `seen` was read. */
export async function updateWebhook(
  table: Table,
  seen: Pick<Webhook, 'webhookId' | 'updatedAt'>,
  changes: WebhookChanges,
): Promise<Webhook | undefined> {
  const outcome = await updateIf<Webhook>(table, {
    key: { webhookId: seen.webhookId },
    set: changes,
    // Another receiver, or the same one that is to be tried again: it begins anew.
    remove: changes.endpoint === undefined && changes.isEnabled !== true ? [] : HEALTH,
    oneOf: { updatedAt: [seen.updatedAt] },
  });
  return outcome.applied ? outcome.item : undefined;
}
