import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** Waits until `condition` gives something, for what has no event a test could wait for. */
export async function awaitCondition<T>(
  condition: () => T | false | Promise<T | false>,
  what: string,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> {
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += POLL_MS) {
    const value = await condition();
    if (value) return value as NonNullable<T>;
    await delay(POLL_MS);
  }
  throw new Error(`It never came to this: ${what}`);
}
