/** What is asked of the warm pool, minute by minute: one item a minute, in the table of the pool. */

/** The partition of these items, beside the slots and the claims. */
export const WARM_DEMAND = 'demand';

const MINUTE_MS = 60_000;

/** A count that nobody has written yet is not there. */
export interface DemandMinute {
  readonly pool: typeof WARM_DEMAND;
  /** ISO 8601 to the minute: `2026-06-01T12:34Z`. */
  readonly slot: string;
  readonly creates?: number;
  /** Those of them that found no warm container. */
  readonly cold?: number;
  /** Warm containers that the keeper has started... */
  readonly starts?: number;
  /** ...and those that came to nothing: not started, or ended by themselves before anybody claimed them. */
  readonly failures?: number;
  /** ISO 8601. */
  readonly lastFailureAt?: string;
  /** Seconds since 1970: DynamoDB deletes it then. */
  readonly purgeAt: number;
}

export type DemandCount = 'creates' | 'cold' | 'starts' | 'failures';

export const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16)}Z`;

/** How much of one count there was in the minutes that reach into the last `forMs`. */
export const countsOf = (
  demand: readonly DemandMinute[],
  count: DemandCount,
  { now, forMs }: { readonly now: Date; readonly forMs: number },
): readonly number[] => minutesWithin(demand, { now, forMs }).map((minute) => minute[count] ?? 0);

export const minutesWithin = (
  demand: readonly DemandMinute[],
  { now, forMs }: { readonly now: Date; readonly forMs: number },
): readonly DemandMinute[] =>
  demand.filter(({ slot }) => {
    const startMs = Date.parse(slot);
    return startMs <= now.getTime() && startMs + MINUTE_MS > now.getTime() - forMs;
  });
