/** What a list of samples comes to. No sample is left out. */
export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  /** Between the quartiles: how far the middle half of the samples lies apart. */
  readonly spread: number;
  readonly max: number;
}

const ascending = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** The smallest sample that `share` of all samples do not exceed: always one that was measured. */
export const percentile = (values: readonly number[], share: number): number =>
  ascending(values)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN;

export const summarise = (values: readonly number[]): Summary => ({
  count: values.length,
  median: median(values),
  p95: percentile(values, 0.95),
  p99: percentile(values, 0.99),
  spread: percentile(values, 0.75) - percentile(values, 0.25),
  max: percentile(values, 1),
});
