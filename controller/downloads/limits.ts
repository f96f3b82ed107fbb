const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** What the downloads of a session may take. */
export const DOWNLOAD_LIMITS = Object.freeze({
  fileBytes: 1 * GIB,
  /** Of one session; what comes after them is cancelled. */
  files: 1_000,
  /** All that a session has downloaded and stored. */
  sessionBytes: 5 * GIB,
  /** Files that are stored at once; the others wait on the disk. */
  atOnce: 2,
  /** How long the store may be silent. */
  silenceMs: 30_000,
  /** At the session's end, one that has got nothing for so long is not waited for. */
  stalledMs: 5_000,
  /** Before a file is tried again; the last one until the session ends. */
  retriesAfterMs: Object.freeze([1_000, 2_000, 4_000, 8_000, 15_000]),
});

export type DownloadLimits = {
  readonly [Name in keyof typeof DOWNLOAD_LIMITS]: (typeof DOWNLOAD_LIMITS)[Name];
};
