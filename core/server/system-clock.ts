import type { Clock } from '../domain/clock.ts';

/** The real time. For entries only: everybody else is given a clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const systemNow = (): Date => new Date(systemClock.now());
