import type { Clock } from '../domain/clock.ts';

/** A token bucket: `burst` at once, `perSecond` after that. */
export function createRateLimit({
  burst,
  perSecond,
  clock,
}: {
  burst: number;
  perSecond: number;
  clock: Pick<Clock, 'now'>;
}) {
  let left = burst;
  let filledAtMs = clock.now();
  return {
    take(): boolean {
      const atMs = clock.now();
      left = Math.min(burst, left + (Math.max(0, atMs - filledAtMs) / 1000) * perSecond);
      filledAtMs = atMs;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
