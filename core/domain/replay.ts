/** What the page of a replay is told: the function that says it and the page have it from here. */
import type { EndReason } from './end-reason.ts';
import type { AnyEventData, EventType } from './session-event.ts';

export interface ReplayPage {
  readonly pageId: string;
  /** Where it was at last. */
  readonly url: string;
}

/** A piece of the film without a gap, of one page. The film is its scenes, one after the other. */
export interface Scene {
  readonly pageId: string;
  /** By the container's clock, in ms since 1970. */
  readonly startMs: number;
  readonly durationMs: number;
}

export interface ReplayEvent {
  readonly atMs: number;
  readonly type: EventType;
  readonly data: AnyEventData;
}

export interface ReplayView {
  readonly sessionId: string;
  /** More may come. */
  readonly isRunning: boolean;
  readonly startMs: number;
  readonly endMs?: number;
  readonly endReason?: EndReason;
  readonly pages: readonly ReplayPage[];
  readonly scenes: readonly Scene[];
  readonly events: readonly ReplayEvent[];
}
