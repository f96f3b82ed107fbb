/** How many warm containers are wanted. Pure. */
import { WARM } from './timing.ts';
import { countsOf, type DemandMinute } from './warm-demand.ts';
import { minimumAt, type WarmSizes } from './warm-sizes.ts';

export interface Wanted {
  readonly sizes: WarmSizes;
  readonly createsByMinute: readonly DemandMinute[];
  readonly now: Date;
  /** For so many warm containers there is room beside the sessions that run. */
  readonly room: number;
}

/**
 * Enough for as many creates as came in the busiest of the last minutes: a container takes about a minute to be there.
 * At least the minimum of the hour, at most what was allowed, and never so many that a session would find no room.
 */
export function wantedWarm({ sizes, createsByMinute, now, room }: Wanted): number {
  const busiest = Math.max(0, ...countsOf(createsByMinute, 'creates', { now, forMs: WARM.demandMs }));
  const wanted = Math.max(minimumAt(sizes, now), busiest);
  return Math.max(0, Math.min(wanted, sizes.max, Math.floor(room)));
}

/** Looked back by so long before one is ended as too many: the pool does not breathe with every minute. */
export const SURPLUS_MINUTES = 5;

/** The most that were wanted in the last minutes: fewer than these are never kept. */
export const keptWarm = (wanted: Wanted): number =>
  Math.max(
    ...Array.from({ length: SURPLUS_MINUTES + 1 }, (_, minutes) =>
      wantedWarm({ ...wanted, now: new Date(wanted.now.getTime() - minutes * 60_000) }),
    ),
  );

/** So far back the keeper reads the demand. */
export const DEMAND_READ_MS = WARM.demandMs + SURPLUS_MINUTES * 60_000;
