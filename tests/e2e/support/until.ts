import { setTimeout as wait } from 'node:timers/promises';

const EVERY_MS = 50;

/** Asks again until `look` gives something; fails with `what` after `limitMs`. For state that has no event to wait on. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  limitMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await wait(EVERY_MS);
  }
}
