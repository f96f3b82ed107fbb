import type { Webhook } from '../../domain/webhook.ts';
import type { DisabledReason } from '../../domain/webhook-health.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { updateIf } from '../dynamodb/update-if.ts';

/** Nothing arrives since then. None of these writes is a change that a client has made: `updatedAt` stays. */
export async function recordFailing(table: Table, webhookId: string, failingSince: string): Promise<void> {
  await updateIf(table, { key: { webhookId }, set: { failingSince }, absent: ['failingSince'] });
}

/** Something has arrived. It may fail again since: then it is another time, which stays. */
export async function recordWorking(
  table: Table,
  { webhookId, failingSince = '' }: Pick<Webhook, 'webhookId' | 'failingSince'>,
): Promise<void> {
  await updateIf(table, {
    key: { webhookId },
    set: {},
    remove: ['failingSince'],
    oneOf: { failingSince: [failingSince] },
  });
}

/** False when it is gone, or was changed or disabled since `seen` was read. */
export async function disableWebhook(
  table: Table,
  seen: Pick<Webhook, 'webhookId' | 'updatedAt'>,
  disabledReason: DisabledReason,
  now: Date,
): Promise<boolean> {
  const { applied } = await updateIf(table, {
    key: { webhookId: seen.webhookId },
    set: { isEnabled: false, disabledReason, updatedAt: now.toISOString() },
    oneOf: { updatedAt: [seen.updatedAt] },
  });
  return applied;
}
