import type { Webhook } from '../../domain/webhook.ts';
import { type OwnedItems, pagesOfItems } from '../owned-items/owned-items.ts';

/** All of a project, the newest first: there are few. */
export async function listWebhooks(webhooks: OwnedItems<Webhook>, projectId: string): Promise<Webhook[]> {
  const found: Webhook[] = [];
  for await (const page of pagesOfItems(webhooks, projectId)) found.push(...page);
  return found;
}
