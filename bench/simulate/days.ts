/** The shapes of a day: when sessions are asked for, and how long each lasts. */
import { drawMs, type Random } from './random.ts';

export interface Arrival {
  readonly atMs: number;
  readonly durationMs: number;
}

export interface DayShape {
  readonly name: string;
  readonly arrivals: (random: Random) => readonly Arrival[];
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const SHORT = { medianMs: 2 * MINUTE_MS, p95Ms: 10 * MINUTE_MS };
const LONG = { medianMs: 10 * MINUTE_MS, p95Ms: 30 * MINUTE_MS };

const times = (count: number, atMs: () => number): readonly number[] => Array.from({ length: count }, atMs);
const within = (random: Random, fromMs: number, lengthMs: number) => () => fromMs + random() * lengthMs;
const lasting = (random: Random, atMs: readonly number[], duration = SHORT): readonly Arrival[] =>
  [...atMs].sort((a, b) => a - b).map((at) => ({ atMs: at, durationMs: drawMs(random, duration) }));

/** 1,000 sessions at any time. */
const flat: DayShape = {
  name: 'flat',
  arrivals: (random) => lasting(random, times(1_000, within(random, 0, DAY_MS))),
};

/** 2,000 sessions from 8 to 18 h, fewer around noon, and 100 at other times. */
const office: DayShape = {
  name: 'office hours',
  arrivals: (random) =>
    lasting(random, [
      ...times(1_000, within(random, 8 * HOUR_MS, 4 * HOUR_MS)),
      ...times(1_000, within(random, 13 * HOUR_MS, 5 * HOUR_MS)),
      ...times(100, within(random, 0, DAY_MS)),
    ]),
};

/** Four batches at night, each of 100 sessions within half a minute, and 100 sessions by day. */
const nightly: DayShape = {
  name: 'nightly batches',
  arrivals: (random) => {
    const batches = [1, 2, 3, 4].flatMap((hour) =>
      times(100, within(random, hour * HOUR_MS, 30 * SECOND_MS)),
    );
    return lasting(random, [...batches, ...times(100, within(random, 8 * HOUR_MS, 10 * HOUR_MS))], LONG);
  },
};

/** 100 times a day, whenever it may be, an agent wants 2 to 20 browsers within five seconds. */
const spiky: DayShape = {
  name: 'spiky agents',
  arrivals: (random) => {
    const bursts = times(100, within(random, 0, DAY_MS)).flatMap((atMs) =>
      times(2 + Math.floor(random() * 19), within(random, atMs, 5 * SECOND_MS)),
    );
    return lasting(random, bursts);
  },
};

export const DAY_SHAPES: readonly DayShape[] = [flat, office, nightly, spiky];
