/** What a part of the bench measures: samples, beside those of a baseline that was measured in turns with them. */
import { type Summary, summarise } from './statistics.ts';

export type Unit = 'ms' | 'MB' | 'KB' | '/s' | 'MB/s' | 'files' | 'processes' | 'failures';

interface Measured {
  readonly name: string;
  readonly samples: readonly number[];
}

export interface Figure {
  /** `<part>.<what>`: goals.json names it so. */
  readonly name: string;
  readonly unit: Unit;
  readonly samples: readonly number[];
  readonly baseline?: Measured;
  /** The least that can do the same, measured in turns with it: no work of ours can go below it on this machine. */
  readonly floor?: Measured;
  /** What was tried and failed: an attempt that failed gives no sample. */
  readonly failures?: readonly string[];
}

export type NamedSummary = { readonly name: string } & Summary;

/** A figure without its samples, as it is shown, kept and held against the goals. */
export interface Result extends Pick<Figure, 'name' | 'unit'>, Summary {
  readonly failed: number;
  readonly baseline?: NamedSummary;
  readonly floor?: NamedSummary;
}

const summaryOf = ({ name, samples }: Measured): NamedSummary => ({ name, ...summarise(samples) });

export const resultOf = ({ name, unit, samples, baseline, floor, failures = [] }: Figure): Result => ({
  name,
  unit,
  ...summarise(samples),
  failed: failures.length,
  ...(baseline === undefined ? {} : { baseline: summaryOf(baseline) }),
  ...(floor === undefined ? {} : { floor: summaryOf(floor) }),
});

/** How many times the baseline's median; NaN where there is none. */
export const ratioOf = ({ median, baseline }: Result): number => median / (baseline?.median ?? Number.NaN);
