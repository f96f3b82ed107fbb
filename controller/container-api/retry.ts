import { setTimeout as delay } from 'node:timers/promises';
import { RequestFailedError } from './http-request.ts';

/** Waits before the second, third, ... attempt. */
export type Backoff = readonly number[];

/** Repeats `attempt` while it fails with a RequestFailedError and `backoff` lasts; rejects with the last error. */
export async function retry<T>(
  attempt: () => Promise<T>,
  { backoff, signal }: { backoff: Backoff; signal?: AbortSignal | undefined },
): Promise<T> {
  for (const waitMs of backoff) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RequestFailedError)) throw error;
      await delay(waitMs, undefined, signal === undefined ? {} : { signal });
    }
  }
  return attempt();
}
