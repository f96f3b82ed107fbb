import type { Clock } from '../clock.ts';

/** A clock on which every wait is over at once: what is waited for is recorded, and time jumps there. */
export function createJumpingClock(startMs = 0): Clock & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  let nowMs = startMs;
  return {
    waits,
    now: () => nowMs,
    setTimer(delayMs, run) {
      let isCancelled = false;
      waits.push(delayMs);
      setImmediate(() => {
        if (isCancelled) return;
        nowMs += delayMs;
        run();
      });
      return () => {
        isCancelled = true;
      };
    },
  };
}
