import type { SessionEvent } from './session-event.ts';
import { EVENT_SCHEMA_VERSION } from './session-event.ts';

/** An event as clients read it: `seq` is what they give as `after`. */
export const toEventView = ({ sequence, sessionId, at, category, type, data }: SessionEvent) => ({
  seq: sequence,
  sessionId,
  at,
  category,
  type,
  data,
});

/** The same on the event bus, which has the events of all projects. */
export const toEventDetail = (event: SessionEvent) => ({
  schemaVersion: EVENT_SCHEMA_VERSION,
  projectId: event.projectId,
  ...toEventView(event),
});
