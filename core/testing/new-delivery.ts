import type { WebhookDelivery } from '../domain/webhook-delivery.ts';
import { newWebhook } from './new-webhook.ts';

/** A delivery that waits for its first try. */
export const newWebhookDelivery = (changes: Partial<WebhookDelivery> = {}): WebhookDelivery => ({
  webhookId: newWebhook().webhookId,
  deliveryId: '00000000-0000-7000-8000-0000000000d1',
  sessionId: '00000000-0000-4000-8000-0000000000b1',
  eventSeq: 3,
  eventType: 'client.connected',
  body: '{"seq":3}',
  status: 'pending',
  round: 1,
  tryCount: 0,
  tries: [],
  nextTryAt: '2026-06-01T00:00:00.000Z',
  createdAt: '2026-06-01T00:00:00.000Z',
  purgeAt: 1_780_876_800,
  ...changes,
});
