/** For the answer to one call. */
export const CALL_TIMEOUT_MS = 10_000;

/** Waits before the second, third, ... attempt. */
export type Backoff = readonly number[];

export const QUICK_BACKOFF_MS: Backoff = [200, 500, 1_000, 2_000];
