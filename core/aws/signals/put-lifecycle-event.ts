import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

export const LIFECYCLE_EVENT_SOURCE = 'wallcrawler';
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

/** EventBridge took the call and refused entries in it. */
export class EventsRefusedError extends Error {
  override readonly name = 'EventsRefusedError';
}

export async function putLifecycleEvent(
  { client, busName }: { client: EventBridgeClient; busName: string },
  event: LifecycleEvent,
): Promise<void> {
  const { FailedEntryCount, Entries } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: busName,
          Source: LIFECYCLE_EVENT_SOURCE,
          DetailType: LIFECYCLE_EVENT_TYPE,
          Time: new Date(event.at),
          Detail: JSON.stringify(event),
        },
      ],
    }),
  );
  if (FailedEntryCount) throw new EventsRefusedError(Entries?.[0]?.ErrorCode ?? 'unknown reason');
}
