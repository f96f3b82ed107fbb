/** A token bucket: `burst` at once, `perSecond` after that. */
export function createRateLimit({
  burst,
  perSecond,
  now,
}: {
  burst: number;
  perSecond: number;
  now: () => number;
}) {
  let left = burst;
  let filledAtMs = now();
  return {
    take(): boolean {
      const atMs = now();
      left = Math.min(burst, left + (Math.max(0, atMs - filledAtMs) / 1000) * perSecond);
      filledAtMs = atMs;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
