/** What a part of the bench measures: samples, beside those of a baseline that was measured in turns with them. */
import { type Summary, summarise } from './statistics.ts';

export type Unit = 'ms' | 'MB' | 'KB' | '/s' | 'MB/s' | 'files' | 'processes' | 'failures';

export interface Figure {
  /** `<part>.<what>`: goals.json names it so. */
  readonly name: string;
  readonly unit: Unit;
  readonly samples: readonly number[];
  readonly baseline?: { readonly name: string; readonly samples: readonly number[] };
  /** What was tried and failed: an attempt that failed gives no sample. */
  readonly failures?: readonly string[];
}

/** A figure without its samples, as it is shown, kept and held against the goals. */
export interface Result extends Omit<Figure, 'samples' | 'baseline' | 'failures'>, Summary {
  readonly failed: number;
  readonly baseline?: { readonly name: string } & Summary;
}

export const resultOf = ({ name, unit, samples, baseline, failures = [] }: Figure): Result => ({
  name,
  unit,
  ...summarise(samples),
  failed: failures.length,
  ...(baseline === undefined ? {} : { baseline: { name: baseline.name, ...summarise(baseline.samples) } }),
});

/** How many times the baseline's median; NaN where there is none. */
export const ratioOf = ({ median, baseline }: Result): number => median / (baseline?.median ?? Number.NaN);
