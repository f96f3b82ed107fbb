import type { Clock } from '../domain/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

export interface FakeClock extends Clock {
  /** Lets `ms` pass: every timer that is due runs, in order, at its own moment. */
  pass(ms: number): void;
  /** How long the timers that wait have been asked to wait, the nearest first. */
  waiting(): readonly number[];
}

/** A clock that stands still until a test lets time pass. */
export function createFakeClock(startMs = 0): FakeClock {
  const timers = new Set<Timer>();
  let nowMs = startMs;
  const nearest = (): Timer | undefined => [...timers].sort((one, other) => one.dueMs - other.dueMs)[0];

  return {
    now: () => nowMs,
    setTimer(delayMs, run) {
      const timer = { dueMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass(ms) {
      const endMs = nowMs + ms;
      for (let next = nearest(); next !== undefined && next.dueMs <= endMs; next = nearest()) {
        timers.delete(next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.run();
      }
      nowMs = endMs;
    },
    waiting: () => [...timers].map(({ dueMs }) => dueMs - nowMs).sort((one, other) => one - other),
  };
}

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
