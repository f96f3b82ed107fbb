import { RECORDING } from '../../core/domain/recording.ts';
import { INACTIVE_PAGE_MS } from '../chrome/inactive-page.ts';

const MIB = 1024 * 1024;
const SECOND_MS = 1_000;

/** What the recording of a session is, and what it may cost. Sizes of what is stored are in core/domain/recording.ts. */
export const RECORDER_LIMITS = Object.freeze({
  /** Chrome ends a fragment after twice as many pictures: at 5 after 2 s while something moves, and 10 s while nothing does. */
  frameRate: 5,
  maxWidth: 1_280,
  maxHeight: 720,
  /** What Chrome has written is taken so often. */
  readEveryMs: 2 * SECOND_MS,
  /** At once. */
  readBytes: 1 * MIB,
  /** When a recording stops, Chrome may take so long to write the rest. */
  restMs: 1_000,
  /** Chrome answers within some 10 ms that a recording has begun. Who would close a page waits for no longer than this. */
  startMs: 5 * SECOND_MS,
  /** A page that a client has closed may refuse that, and is recorded after so long. */
  closingMs: 1 * SECOND_MS,
  /** A page is recorded when it has been there for so long: many are closed at once. */
  newPageMs: 300,
  /** A page that goes to another address cannot be recorded just then, and is tried again after so long. */
  inactiveMs: INACTIVE_PAGE_MS,
  /** Another page is recorded when nobody has spoken to the one that is for so long... */
  quietMs: 1 * SECOND_MS,
  /** ...or when this one has had its turn, and somebody speaks to the other one. */
  turnMs: 20 * SECOND_MS,
  /** No client has said anything for so long: what moves without end would cost as much as a film. */
  idleMs: 10 * SECOND_MS,
  /** A chunk is stored when it is so long or so large. */
  chunkMs: 20 * SECOND_MS,
  chunkBytes: 4 * MIB,
  /** Chunks that wait for the store; then the oldest is given up. */
  waitingBytes: 32 * MIB,
  /** Of all that is recorded of a session. */
  sessionMs: 6 * 3_600 * SECOND_MS,
  sessionBytes: RECORDING.maxSessionBytes,
  /** For URLs that are asked for together: a few minutes of one page. */
  urlsAtOnce: 8,
  /** Shorter than they are good for. */
  urlsKeptMs: 4 * 60 * SECOND_MS,
  /** For the store's answer. */
  answerMs: 10 * SECOND_MS,
  /** Before a chunk is tried again; the last one for ever. */
  retriesAfterMs: Object.freeze([1_000, 2_000, 4_000, 8_000, 15_000]),
  /** The same at the session's end, which waits for it. */
  hurriedRetryMs: 200,
});

export type RecorderLimits = {
  readonly [Name in keyof typeof RECORDER_LIMITS]: (typeof RECORDER_LIMITS)[Name];
};
