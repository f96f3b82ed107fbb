/** Time as a part of the platform sees it, so that a test can jump eleven minutes ahead. */
export interface Clock {
  /** In ms since 1970. */
  now(): number;
  /** Runs `run` once after `delayMs`; the answer cancels it. */
  setTimer(delayMs: number, run: () => void): () => void;
}
