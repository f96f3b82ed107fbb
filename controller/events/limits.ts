import type { EventCategory } from '../../core/domain/session-event.ts';

/** What only this folder knows. How many events a session may have is in core/domain/session-event.ts. */
export const REPORT_LIMITS = Object.freeze({
  /** Events of so long go in one report. */
  gatherMs: 1_000,
  /** After a report that failed. */
  againMs: 5_000,
  /** They wait for a platform that does not answer; more are counted and lost. */
  maxWaiting: 200,
  /** For what is left, at the end of the session. */
  lastMs: 2_000,
});

/** Of the kinds that pages and clients can make at will: some are left for what is rare. */
export const CATEGORY_LIMITS: Readonly<Partial<Record<EventCategory, number>>> = {
  client: 300,
  page: 400,
  // A page may begin and cancel them without end.
  download: 500,
  crash: 100,
  recording: 200,
  network: 150,
};

export const PAGE_LIMITS = Object.freeze({
  /** What a page goes through in so long is one event. */
  gatherMs: 1_000,
  /** Pages told of in that time. */
  maxTold: 5,
  /** Pages whose address is known; of more, a second visit to the same one is told again. */
  maxKnown: 500,
});
