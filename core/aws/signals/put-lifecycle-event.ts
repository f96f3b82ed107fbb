import { type EventBus, putEvent } from './put-event.ts';

export const LIFECYCLE_EVENT_TYPE = 'Session State Change';

/** What the world may know of a step of a session. Holds no address and no token. */
export interface LifecycleEvent {
  readonly sessionId: string;
  readonly projectId: string;
  readonly status: string;
  readonly previousStatus: string | null;
  readonly endReason: string | null;
  readonly at: string;
}

export const putLifecycleEvent = (bus: EventBus, event: LifecycleEvent): Promise<void> =>
  putEvent(bus, LIFECYCLE_EVENT_TYPE, event);
