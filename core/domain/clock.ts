/** Time as a part of the platform sees it, so that a test can jump eleven minutes ahead. */
export interface Clock {
  /** In ms since 1970. */
  now(): number;
  /** Runs `run` once after `delayMs`; the answer cancels it. */
  setTimer(delayMs: number, run: () => void): () => void;
}

/** Resolves after `delayMs`. */
export const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.setTimer(delayMs, resolve);
  });

/** Runs `run` every `everyMs`; the answer ends it. */
export function repeat(clock: Clock, everyMs: number, run: () => void): () => void {
  let cancel = () => {};
  const wait = () => {
    cancel = clock.setTimer(everyMs, () => {
      wait();
      run();
    });
  };
  wait();
  return () => cancel();
}
