import type { Clock } from '../clock.ts';

export interface ManualClock extends Clock {
  /** Lets `ms` pass: every timer that is due runs, in order, at its own moment. */
  advance(ms: number): void;
  /** How many timers wait. */
  pending(): number;
}

/** A clock that moves only when a test says so. */
export function createManualClock(startMs = Date.parse('2026-01-01T00:00:00Z')): ManualClock {
  const timers = new Map<object, { readonly atMs: number; readonly run: () => void }>();
  let nowMs = startMs;
  const nearest = () => [...timers].sort(([, one], [, other]) => one.atMs - other.atMs)[0];

  return {
    now: () => nowMs,
    setTimer(delayMs, run) {
      const key = {};
      timers.set(key, { atMs: nowMs + delayMs, run });
      return () => void timers.delete(key);
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (let next = nearest(); next !== undefined && next[1].atMs <= untilMs; next = nearest()) {
        const [key, { atMs, run }] = next;
        timers.delete(key);
        nowMs = Math.max(nowMs, atMs);
        run();
      }
      nowMs = untilMs;
    },
    pending: () => timers.size,
  };
}
