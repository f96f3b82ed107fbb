import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SessionEvent } from '../../domain/session-event.ts';
import { toEventDetail } from '../../domain/session-event-view.ts';
import { EVENT_SOURCE, type EventBus } from './put-event.ts';

export const SESSION_EVENT_TYPE = 'Session Event';

/** EventBridge takes so many in one call. */
export const MAX_ENTRIES = 10;

/** At most MAX_ENTRIES events. How many of them, from the first, the bus has taken without one missing. */
export async function putSessionEvents(
  { client, busName }: EventBus,
  events: readonly SessionEvent[],
): Promise<{ readonly taken: number; readonly fault?: string }> {
  const { FailedEntryCount, Entries = [] } = await client.send(
    new PutEventsCommand({
      Entries: events.map((event) => ({
        EventBusName: busName,
        Source: EVENT_SOURCE,
        DetailType: SESSION_EVENT_TYPE,
        Time: new Date(event.at),
        Detail: JSON.stringify(toEventDetail(event)),
      })),
    }),
  );
  if (!FailedEntryCount) return { taken: events.length };
  const taken = Entries.findIndex(({ ErrorCode }) => ErrorCode !== undefined);
  return { taken: Math.max(taken, 0), fault: Entries[taken]?.ErrorCode ?? 'unknown reason' };
}
