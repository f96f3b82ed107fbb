import type { DisabledReason } from '../../domain/webhook-health.ts';
import { type EventBus, putEvent } from './put-event.ts';

export const WEBHOOK_DISABLED_TYPE = 'Webhook Disabled';

/** For an installation's owner. Holds no URL: it may be a secret of the receiver's. */
export interface WebhookDisabled {
  readonly schemaVersion: 1;
  readonly projectId: string;
  readonly webhookId: string;
  readonly reason: DisabledReason;
  readonly at: string;
}

export const putWebhookDisabled = (bus: EventBus, event: WebhookDisabled): Promise<void> =>
  putEvent(bus, WEBHOOK_DISABLED_TYPE, event);
