import { setTimeout as delay } from 'node:timers/promises';

/** Waits `delayMs`, or until the signal aborts: never longer, never rejecting. */
export const pause = (delayMs: number, signal: AbortSignal): Promise<void> =>
  // It rejects for an abort and for nothing else.
  delay(delayMs, undefined, { signal }).catch(() => undefined);
