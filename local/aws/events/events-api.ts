import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { AwsService } from '../wire/aws-server.ts';
import { createJsonService, operation, parseJson } from '../wire/json-service.ts';
import type { EventBus } from './event-bus.ts';

const TEXT = z.string().default('');
const ENTRY = z.strictObject({
  Source: TEXT,
  DetailType: TEXT,
  Detail: TEXT,
  EventBusName: z.string().default('default'),
  /** In seconds. */
  Time: z.number().optional(),
});
const PUT_EVENTS = z.strictObject({ Entries: z.array(ENTRY).min(1).max(10) });
const DETAIL = z.record(z.string(), z.unknown());

type Buses = ReadonlyMap<string, EventBus>;
type EntryResult =
  | { readonly EventId: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string };

/** EventBridge: PutEvents, to buses by their names. */
export const createEventsApi = (buses: Buses): AwsService =>
  createJsonService({
    targetPrefix: 'AWSEvents',
    version: '1.1',
    invalidInput: 'ValidationException',
    operations: {
      PutEvents: operation(PUT_EVENTS, ({ Entries }) => {
        const results = Entries.map((entry) => putEntry(entry, buses));
        const failed = results.filter((result) => 'ErrorCode' in result);
        return { FailedEntryCount: failed.length, Entries: results };
      }),
    },
  });

const fault = (code: string, message: string): EntryResult => ({ ErrorCode: code, ErrorMessage: message });

/** A fault of one entry is told beside it and does not touch the others. */
function putEntry(entry: z.infer<typeof ENTRY>, buses: Buses): EntryResult {
  const { Source: source, DetailType: detailType, Detail, EventBusName, Time } = entry;
  const missing = (['Source', 'DetailType', 'Detail'] as const).find((name) => entry[name] === '');
  if (missing !== undefined) return fault('InvalidArgument', `Parameter ${missing} is required.`);
  if (source.startsWith('aws.'))
    return fault('NotAuthorizedForSourceException', `Not authorized for the source ${source}.`);
  const bus = buses.get(EventBusName);
  if (bus === undefined) return fault('InvalidArgument', `Event bus ${EventBusName} does not exist.`);
  const { data: detail } = DETAIL.safeParse(parseJson(Detail));
  if (detail === undefined) return fault('MalformedDetail', 'Detail is malformed.');
  const time = Time === undefined ? {} : { time: new Date(Time * 1000) };
  const eventId = randomUUID();
  // Nobody waits for the targets: the invoker retries and logs.
  void bus.emit({ source, detailType, detail, ...time }, eventId);
  return { EventId: eventId };
}
