/** Numbers that look random and are the same in every run. */

/** From 0 up to 1. */
export type Random = () => number;

/** Mulberry32: 32 bits of state, enough for a few hundred thousand draws of a model. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Of the standard normal distribution: 95 of 100 are below. */
const Z_P95 = 1.645;

export interface Spread {
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** A time that is never negative and has a long tail: log-normal. */
export const drawMs = (random: Random, { medianMs, p95Ms }: Spread): number =>
  medianMs * Math.exp((Math.log(p95Ms / medianMs) / Z_P95) * normal(random));
