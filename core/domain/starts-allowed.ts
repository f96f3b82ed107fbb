/** The fill rate of the warm pool: how many containers one run of its keeper may start. Pure. */
import { type DemandMinute, minutesWithin } from './warm-demand.ts';

/** Fargate takes 20 RunTask a second from an account, and creates need some of them. */
export const MOST_STARTS_A_RUN = 10;

const LOOK_BACK_MS = 10 * 60_000;
// Now and then a container dies, and a pool that starts hundreds sees that every hour.
const FAILURES_ALLOWED = 2;
const FAILING_SHARE = 0.25;
const FIRST_BACKOFF_MS = 30_000;
const MAX_BACKOFF_MS = 5 * 60_000;

/**
 * As many as one run may start; while starts keep failing, one after an ever longer pause: without capacity, or with a
 * Chrome that dies at every start, another start at once only costs.
 */
export function startsAllowed({
  demand,
  starting,
  now,
}: {
  readonly demand: readonly DemandMinute[];
  /** Containers of which nobody knows yet how they end. */
  readonly starting: number;
  readonly now: Date;
}): number {
  const minutes = minutesWithin(demand, { now, forMs: LOOK_BACK_MS });
  const sum = (count: 'starts' | 'failures') =>
    minutes.reduce((total, minute) => total + (minute[count] ?? 0), 0);
  const failures = sum('failures');
  const excess = failures - Math.max(FAILURES_ALLOWED, sum('starts') * FAILING_SHARE);
  if (excess <= 0) return MOST_STARTS_A_RUN;
  const lastFailureMs = Math.max(
    ...minutes.map(({ lastFailureAt }) => (lastFailureAt === undefined ? 0 : Date.parse(lastFailureAt))),
  );
  const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.floor(excess - 1));
  return starting === 0 && now.getTime() - lastFailureMs >= backoffMs ? 1 : 0;
}
