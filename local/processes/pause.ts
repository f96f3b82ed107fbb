/** Waits `delayMs`, or until the signal aborts: never longer, never rejecting. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal.addEventListener('abort', done);
  });
}

/** Waits for `work`, but no longer than `limitMs`. */
export async function settleWithin(work: Promise<unknown>, limitMs: number): Promise<void> {
  const settled = new AbortController();
  await Promise.race([work, pause(limitMs, settled.signal)]);
  settled.abort();
}
