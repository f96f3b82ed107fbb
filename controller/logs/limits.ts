const KIB = 1024;
const MIB = 1024 * KIB;

/** What the log of a session may cost. Times on which another part depends are in core/domain/timing.ts. */
export const LOG_LIMITS = Object.freeze({
  /** An answer of Chrome's from here on is not parsed for the log: only its length is kept. */
  maxBodyBytes: 4 * KIB,
  /** So many commands of one client may wait for their answers; the oldest is then written without one. */
  maxUnanswered: 1_024,
  /** Deeper in an object nothing is shown. */
  maxDepth: 32,
  maxNameCharacters: 128,
  maxTextCharacters: 1_000,
  /** A segment is closed at this size, or so long after its first row: a container that is lost loses no more. */
  segmentBytes: 1 * MIB,
  segmentMs: 30_000,
  /** Of a whole session, before it is compressed; then one row says that it stops. */
  sessionBytes: 200 * MIB,
  /** Compressed segments that wait for the store: with those of ordinary sessions hours, at the worst seconds. */
  waitingBytes: 8 * MIB,
  /** Before a segment is tried again; the last one for ever. */
  retriesAfterMs: Object.freeze([1_000, 2_000, 4_000, 8_000, 15_000]),
  /** The same at the session's end, which waits for it. */
  hurriedRetryMs: 200,
});

export type LogLimits = { readonly [Name in keyof typeof LOG_LIMITS]: (typeof LOG_LIMITS)[Name] };
