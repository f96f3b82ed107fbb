import type { Clock } from '../domain/clock.ts';

/** A clock that moves only when a test says so. */
export function createManualClock(startMs = Date.parse('2026-01-01T00:00:00Z')) {
  let nowMs = startMs;
  const timers = new Map<object, { readonly atMs: number; readonly run: () => void }>();

  const clock: Clock & { advance(ms: number): void; pending(): number } = {
    now: () => nowMs,
    setTimer(delayMs, run) {
      const key = {};
      timers.set(key, { atMs: nowMs + delayMs, run });
      return () => timers.delete(key);
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = [...timers].sort(([, a], [, b]) => a.atMs - b.atMs)[0];
        if (next === undefined || next[1].atMs > untilMs) break;
        timers.delete(next[0]);
        nowMs = Math.max(nowMs, next[1].atMs);
        next[1].run();
      }
      nowMs = untilMs;
    },
    pending: () => timers.size,
  };
  return clock;
}
