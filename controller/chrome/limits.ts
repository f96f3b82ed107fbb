/** What only this folder knows; times on which another part depends are in core/domain/timing.ts. */
export const CHROME_LIMITS = Object.freeze({
  /** An answer may be as long as V8 makes a string; above this it is dropped. */
  maxMessageBytes: 256 * 1024 * 1024,
  /** So many commands without an answer are kept in mind in a session of CDP: 1 MB of ids, where Chrome keeps far more. */
  maxUnanswered: 16_384,
  /**
   * A client may be so many batches of commands ahead of Chrome, and one more. A batch is as much as a client's socket brings at
   * once, so that a busy client is seldom held; Chrome takes some 20,000 small commands a second.
   */
  maxBatches: 2,
  batchCommands: 256,
  batchBytes: 4 * 1024 * 1024,
  /** How long Chrome's other processes may outlive it, to finish what they write. */
  maxOutlivingMs: 1_000,
  /** How much of its stderr is told when it does not start, and when it exits. */
  launchTailCharacters: 800,
  exitTailCharacters: 900,
});
