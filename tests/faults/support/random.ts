import { randomFrom } from '../../long/support/random.ts';

/** Chance that can be had again: the same seed, the same choices. */
export interface Random {
  /** From 0 up to, and without, 1. */
  readonly next: () => number;
  readonly isTrue: (probability: number) => boolean;
  /** A whole number from 0 up to, and without, `end`. */
  readonly below: (end: number) => number;
  readonly oneOf: <Value>(values: readonly Value[]) => Value;
}

export function createRandom(seed: number): Random {
  const next = randomFrom(seed);
  const below = (end: number) => Math.floor(next() * end);
  // Seeds that follow each other begin alike.
  for (let step = 0; step < 8; step++) next();
  return {
    next,
    isTrue: (probability) => next() < probability,
    below,
    oneOf: <Value>(values: readonly Value[]): Value => {
      if (values.length === 0) throw new Error('There is nothing to choose from');
      return values[below(values.length)] as Value;
    },
  };
}
