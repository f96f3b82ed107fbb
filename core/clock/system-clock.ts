import type { Clock } from '../domain/clock.ts';

/** The machine's own time. Entry files hand it to whoever needs one. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const systemNow = (): Date => new Date(systemClock.now());
