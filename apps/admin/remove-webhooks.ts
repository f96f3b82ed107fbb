import { deleteDeliveries } from '../../core/aws/webhooks/delete-deliveries.ts';
import { listWebhooks } from '../../core/aws/webhooks/list-webhooks.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import type { Installation } from './installation.ts';
import { removeOwned } from './remove-owned.ts';

/** All webhooks of a project; before each, what was sent to it. */
export async function removeWebhooks(
  installation: Pick<Installation, 'webhooks' | 'webhookDeliveries' | 'clock'>,
  projectId: string,
): Promise<number> {
  const webhooks = webhooksIn(installation.webhooks);
  for (const { webhookId } of await listWebhooks(webhooks, projectId))
    await deleteDeliveries(installation.webhookDeliveries, webhookId);
  return removeOwned(installation, webhooks, projectId);
}
