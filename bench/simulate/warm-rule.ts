/** How many warm containers a pool wants: what the model takes a rule for, and the two rules that it compares. */

export interface Demand {
  readonly nowMs: number;
  /** When sessions were asked for, oldest first; as far back as the rule looks. */
  readonly createsAtMs: readonly number[];
}

export interface PoolLimits {
  readonly min: number;
  readonly max: number;
}

/** Pure. */
export type WarmRule = (demand: Demand, limits: PoolLimits) => number;

export const LOOK_BACK_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

/** Always the most. */
export const fixedRule: WarmRule = (_, { max }) => max;

/** As many as came in the busiest of the last five minutes, within the limits. */
export const demandRule: WarmRule = ({ nowMs, createsAtMs }, { min, max }) => {
  const counts = new Map<number, number>();
  for (const atMs of createsAtMs) {
    const minutesAgo = Math.floor((nowMs - atMs) / MINUTE_MS);
    if (nowMs - atMs < LOOK_BACK_MS) counts.set(minutesAgo, (counts.get(minutesAgo) ?? 0) + 1);
  }
  return Math.min(max, Math.max(min, ...counts.values()));
};
