import { randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createInputReader, isObject } from '../wire/input-reader.ts';
import { createJsonService, type JsonObject } from '../wire/json-service.ts';
import type { BusEvent } from './envelope.ts';
import type { EventBus } from './event-bus.ts';

const MAX_ENTRIES = 10;
const ENTRY_MEMBERS = ['Source', 'DetailType', 'Detail', 'EventBusName', 'Time'];

const read = createInputReader('ValidationException');

interface EntryFault {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

interface Entry {
  readonly bus: EventBus;
  readonly event: BusEvent;
}

/** EventBridge: PutEvents, to buses by their names. */
export const createEventsApi = (buses: ReadonlyMap<string, EventBus>): AwsService =>
  createJsonService({
    targetPrefix: 'AWSEvents',
    version: '1.1',
    operations: {
      PutEvents(input) {
        read.only('PutEvents', input, ['Entries']);
        const entries = read.objects(input, 'Entries');
        if (entries.length < 1 || entries.length > MAX_ENTRIES) {
          throw new AwsError('ValidationException', `Entries must have 1 to ${MAX_ENTRIES} members`);
        }
        const results = entries.map((entry) => putEntry(entry, buses));
        const failed = results.filter((result) => 'ErrorCode' in result);
        return { FailedEntryCount: failed.length, Entries: results };
      },
    },
  });

function putEntry(entry: JsonObject, buses: ReadonlyMap<string, EventBus>): { EventId: string } | EntryFault {
  read.only('PutEvents', entry, ENTRY_MEMBERS);
  const put = readEntry(entry, buses);
  if ('ErrorCode' in put) return put;
  const eventId = randomUUID();
  // Nobody waits for the targets: the invoker retries and logs.
  void put.bus.emit(put.event, eventId);
  return { EventId: eventId };
}

const fault = (code: string, message: string): EntryFault => ({ ErrorCode: code, ErrorMessage: message });

function readEntry(entry: JsonObject, buses: ReadonlyMap<string, EventBus>): Entry | EntryFault {
  const missing = ['Source', 'DetailType', 'Detail'].find((name) => !read.optionalText(entry, name));
  if (missing !== undefined) return fault('InvalidArgument', `Parameter ${missing} is required.`);
  const source = read.text(entry, 'Source');
  if (source.startsWith('aws.')) {
    return fault('NotAuthorizedForSourceException', `Not authorized for the source ${source}.`);
  }
  const busName = read.optionalText(entry, 'EventBusName') ?? 'default';
  const bus = buses.get(busName);
  if (bus === undefined) return fault('InvalidArgument', `Event bus ${busName} does not exist.`);
  const detail = parseDetail(read.text(entry, 'Detail'));
  if (detail === undefined) return fault('MalformedDetail', 'Detail is malformed.');
  const { Time: seconds } = entry;
  if (seconds !== undefined && typeof seconds !== 'number') {
    return fault('InvalidArgument', 'Parameter Time is not valid.');
  }
  const time = seconds === undefined ? {} : { time: new Date(seconds * 1000) };
  return { bus, event: { source, detailType: read.text(entry, 'DetailType'), detail, ...time } };
}

function parseDetail(text: string): JsonObject | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return isObject(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}
