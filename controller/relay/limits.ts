const KIB = 1024;
const MIB = 1024 * KIB;

/** What one client may cost. */
export const RELAY_LIMITS = Object.freeze({
  /**
   * A client's largest message; above it the socket closes with 1009. Chrome stops reading its pipe at 100 MiB for good
   * (measured with 150), and the id of a session of CDP is still to be added.
   */
  maxMessageBytes: 100 * MIB - KIB,
  /** A client that has so much unsent is behind; if it is alone, Chrome is not read any more. */
  highWaterBytes: 4 * MIB,
  /** Below it the client is not behind any more. */
  lowWaterBytes: 1 * MIB,
  /** What a message that waits costs beside its bytes, which matters for many small ones (measured: 330, and garbage). */
  messageOverheadBytes: 512,
  /** So much may wait for all clients together, as much as Chrome would keep for one; then the slowest is closed. */
  maxUnsentBytes: 256 * MIB,
  /** So much may have come of messages that are not whole yet, from all clients together: two of the largest at once. */
  maxUnfinishedBytes: 256 * MIB,
  /** When Chrome drops a socket: how long to wait for the news that all of Chrome is gone, to tell the client that. */
  chromeLossGraceMs: 1_000,
});

export type RelayLimits = { readonly [Name in keyof typeof RELAY_LIMITS]: number };
