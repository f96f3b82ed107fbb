/** What the live view asks of Chrome. */
export const LIVE_LIMITS = Object.freeze({
  /** For what a request asks of Chrome. */
  chromeAnswerMs: 5_000,
  /** For one file of the frontend: some 190 are asked for at once, and without any one of them DevTools stays blank. */
  frontendFileMs: 10_000,
  /** How long the frontend's hidden target stays after the last file. */
  frontendIdleMs: 30_000,
  /** A page that hangs is listed without its icon. */
  iconMs: 500,
});
