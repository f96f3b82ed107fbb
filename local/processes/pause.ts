import { setTimeout as delay } from 'node:timers/promises';

/** Waits `delayMs`, or until the signal aborts: never longer, never rejecting. */
export const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
  // It rejects for an abort and for nothing else.
  delay(delayMs, undefined, { signal }).catch(() => undefined);

/** Waits for `work`, but no longer than `limitMs`. */
export async function settleWithin(work: Promise<unknown>, limitMs: number): Promise<void> {
  const settled = new AbortController();
  await Promise.race([work, pause(limitMs, settled.signal)]);
  settled.abort();
}
