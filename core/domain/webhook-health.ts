import type { Webhook } from './webhook.ts';
import { type DeliveryStatus, type DeliveryTry, isAccepted } from './webhook-delivery.ts';

/** Why a webhook was disabled by itself: nothing arrived for days, or its receiver said that it is there no more. */
export type DisabledReason = 'failing' | 'gone';

/** A receiver may be away over a long weekend, and an owner is to hear of it before. */
export const FAILING_LIMIT_DAYS = 5;

const FAILING_LIMIT_MS = FAILING_LIMIT_DAYS * 86_400_000;
const GONE = 410;

/** What a try says of the whole webhook, where that is news. */
export type HealthNews =
  | { readonly kind: 'fails' }
  | { readonly kind: 'works' }
  | { readonly kind: 'disable'; readonly reason: DisabledReason };

/**
 * Pure. `deliveryStatus` is what the try has made of its delivery: a webhook is given up with one that has failed for good,
 * and not at its first try, which may be the first one for days.
 */
export function healthNewsOf(
  { failingSince }: Pick<Webhook, 'failingSince'>,
  made: DeliveryTry,
  deliveryStatus: DeliveryStatus,
  now: Date,
): HealthNews | undefined {
  if (isAccepted(made)) return failingSince === undefined ? undefined : { kind: 'works' };
  if (made.status === GONE && made.error === undefined) return { kind: 'disable', reason: 'gone' };
  if (failingSince === undefined) return { kind: 'fails' };
  const isOver = now.getTime() - Date.parse(failingSince) >= FAILING_LIMIT_MS;
  return deliveryStatus === 'failed' && isOver ? { kind: 'disable', reason: 'failing' } : undefined;
}
