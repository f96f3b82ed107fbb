/** Traces, as the rest of the platform sees them: where nobody collects them, all of this costs nothing and does nothing. */

import type { SessionIds } from '../domain/log-events.ts';

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanOptions {
  /** W3C's `traceparent` of what it is a part of; without one it begins a trace. */
  readonly parent?: string | undefined;
  readonly attributes?: SpanAttributes;
  /** Where it began before it could be told. */
  readonly startAtMs?: number;
}

/** Something that took its time. */
export interface Span {
  /** What a call takes along, so that what it begins is a part of this; undefined where nothing is traced. */
  readonly traceparent: string | undefined;
  /** A part of it. */
  child(name: string, attributes?: SpanAttributes): Span;
  set(attributes: SpanAttributes): void;
  /** It is over; with the error that ended it. Only the first time counts. */
  end(error?: unknown): void;
}

export interface Tracing {
  start(name: string, options?: SpanOptions): Span;
  /** Settles when what has ended is sent, or cannot be. Never fails. */
  flush(): Promise<void>;
}

export const NO_SPAN: Span = {
  traceparent: undefined,
  child: () => NO_SPAN,
  set: () => undefined,
  end: () => undefined,
};

export const NO_TRACING: Tracing = { start: () => NO_SPAN, flush: async () => undefined };

/** Runs a part of `span` as a span of its own. */
export async function within<Result>(
  span: Span,
  name: string,
  run: (part: Span) => Promise<Result>,
  attributes?: SpanAttributes,
): Promise<Result> {
  const part = span.child(name, attributes);
  try {
    const result = await run(part);
    part.end();
    return result;
  } catch (error) {
    part.end(error);
    throw error;
  }
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A `traceparent` as it came from elsewhere; undefined for what is none. */
export const parseTraceparent = (text: string | undefined): string | undefined =>
  text !== undefined && TRACEPARENT.test(text) ? text : undefined;

/** What every span of a session says of it. */
export const sessionAttributesOf = ({ sessionId, projectId, requestId }: SessionIds): SpanAttributes => ({
  'session.id': sessionId,
  'wallcrawler.project_id': projectId,
  'wallcrawler.request_id': requestId,
});
