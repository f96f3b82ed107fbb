import { createHash } from 'node:crypto';
import type { DeliverableEvent } from '../domain/webhook-delivery.ts';

/**
 * A UUID of version 7, whose time is the event's and whose rest is a hash of what it is: an event that is told twice is
 * one delivery, and the deliveries of a webhook are in order.
 */
export function deliveryIdOf(
  webhookId: string,
  event: Pick<DeliverableEvent, 'sessionId' | 'seq' | 'at'>,
): string {
  const hash = createHash('sha256').update(`${webhookId} ${event.sessionId} ${event.seq}`).digest();
  hash.writeUIntBE(Math.max(Date.parse(event.at) || 0, 0), 0, 6);
  hash[6] = 0x70 | (hash.readUInt8(6) & 0x0f);
  hash[8] = 0x80 | (hash.readUInt8(8) & 0x3f);
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
