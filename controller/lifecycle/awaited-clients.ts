import type { Clock } from '../../core/domain/clock.ts';

export interface AwaitedClients {
  /** So many clients came: each may be one that is awaited. */
  arrived(count: number): void;
  /** A client was sent away, or cut off, by something on its way that restarts. */
  sentAway(): void;
  /** For how long somebody is still waited for; 0: nobody is. */
  waitMs(): number;
}

/** Who will come back by itself, each within `graceMs` of the last one that left. */
export function createAwaitedClients(clock: Pick<Clock, 'now'>, graceMs: number): AwaitedClients {
  let count = 0;
  let untilMs = 0;
  return {
    arrived(arrivals) {
      count = Math.max(0, count - arrivals);
    },
    sentAway() {
      // Whoever did not come in time is not waited for again because somebody else is.
      if (clock.now() >= untilMs) count = 0;
      count += 1;
      untilMs = clock.now() + graceMs;
    },
    waitMs: () => (count === 0 ? 0 : Math.max(0, untilMs - clock.now())),
  };
}
