import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

export const EVENT_SOURCE = 'wallcrawler';

export interface EventBus {
  readonly client: EventBridgeClient;
  readonly busName: string;
}

/** EventBridge took the call and refused entries in it. */
export class EventsRefusedError extends Error {
  override readonly name = 'EventsRefusedError';
}

/** One event of the installation. Throws an EventsRefusedError. */
export async function putEvent(
  { client, busName }: EventBus,
  type: string,
  event: { readonly at: string },
): Promise<void> {
  const { FailedEntryCount, Entries } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: busName,
          Source: EVENT_SOURCE,
          DetailType: type,
          Time: new Date(event.at),
          Detail: JSON.stringify(event),
        },
      ],
    }),
  );
  if (FailedEntryCount) throw new EventsRefusedError(Entries?.[0]?.ErrorCode ?? 'unknown reason');
}
