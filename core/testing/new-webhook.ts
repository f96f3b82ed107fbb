import type { Webhook } from '../domain/webhook.ts';

/** A webhook of `p1` that hears of everything. */
export const newWebhook = (changes: Partial<Webhook> = {}): Webhook => ({
  webhookId: '00000000-0000-4000-8000-0000000000a1',
  projectId: 'p1',
  endpoint: 'https://receiver.example/hook',
  eventTypes: [],
  categories: [],
  isEnabled: true,
  secrets: [
    {
      secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
      createdAt: '2026-06-01T00:00:00.000Z',
    },
  ],
  createdAt: '2026-06-01T00:00:00.000Z',
  updatedAt: '2026-06-01T00:00:00.000Z',
  ...changes,
});
