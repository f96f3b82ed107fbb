/**
 * While there is no room, ECS is not asked by everybody for what it does not have: only who is next asks, now and then.
 * Once it has room again, two ask at once, then four, until nobody waits.
 */
import { CAPACITY } from './timing.ts';

export interface Breaker {
  /** ISO 8601: nobody asks before. */
  readonly nextTryAt: string;
  /** How many of those that are next may ask at once. */
  readonly width: number;
  /** In a row. */
  readonly refusals: number;
  /** ISO 8601: without a word until then it is closed. */
  readonly openUntil: string;
}

const MAX_WIDTH = 16;

export const isOpen = (breaker: Breaker | undefined, now: Date): breaker is Breaker =>
  breaker !== undefined && Date.parse(breaker.openUntil) > now.getTime();

/** Whether the waiter at `position`, from 0, may ask. */
export const mayAsk = (breaker: Breaker | undefined, position: number, now: Date): boolean =>
  !isOpen(breaker, now) || (position < breaker.width && Date.parse(breaker.nextTryAt) <= now.getTime());

export function afterRefusal(breaker: Breaker | undefined, now: Date): Breaker {
  const refusals = isOpen(breaker, now) ? breaker.refusals + 1 : 1;
  const waitMs = Math.min(CAPACITY.refusedFirstMs * 2 ** (refusals - 1), CAPACITY.refusedMaxMs);
  return { ...timesOf(now, waitMs), width: 1, refusals };
}

export const afterRoom = (breaker: Breaker | undefined, now: Date): Breaker => ({
  ...timesOf(now, 0),
  width: Math.min((isOpen(breaker, now) ? breaker.width : 1) * 2, MAX_WIDTH),
  refusals: 0,
});

const timesOf = (now: Date, waitMs: number) => ({
  nextTryAt: new Date(now.getTime() + waitMs).toISOString(),
  openUntil: new Date(now.getTime() + waitMs + CAPACITY.rememberedMs).toISOString(),
});
