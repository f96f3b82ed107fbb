import { randomUUID } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { AwsService } from '../wire/aws-server.ts';
import { createInputReader, isObject } from '../wire/input-reader.ts';
import { createJsonService, type JsonObject } from '../wire/json-service.ts';
import type { BusEvent, EventBus } from './event-bus.ts';

const MAX_ENTRIES = 10;
const MAX_REQUEST_BYTES = 256 * 1024;
const TIME_BYTES = 14;
const ENTRY_MEMBERS = ['Source', 'DetailType', 'Detail', 'EventBusName', 'Resources', 'Time'];

const read = createInputReader('ValidationException');

interface EntryFault {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** EventBridge: PutEvents. */
export function createEventsApi(options: {
  readonly bus: EventBus;
  readonly busName: string;
  readonly busArn: string;
}): AwsService {
  const busNames: readonly string[] = [options.busName, options.busArn];

  const putEntry = (entry: JsonObject): { EventId: string } | EntryFault => {
    const event = toEvent(entry, busNames);
    if ('ErrorCode' in event) return event;
    const eventId = randomUUID();
    // Nobody waits for the targets: the invoker retries and logs.
    void options.bus.emit(event, eventId);
    return { EventId: eventId };
  };

  return createJsonService({
    targetPrefix: 'AWSEvents',
    version: '1.1',
    operations: {
      PutEvents(input) {
        read.only('PutEvents', input, ['Entries']);
        const entries = read.objects(input, 'Entries');
        if (entries.length < 1 || entries.length > MAX_ENTRIES) {
          throw new AwsError('ValidationException', `Entries must have 1 to ${MAX_ENTRIES} members`);
        }
        for (const entry of entries) read.only('PutEvents', entry, ENTRY_MEMBERS);
        if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MAX_REQUEST_BYTES) {
          throw new AwsError(
            'ValidationException',
            'Total size of the entries in the request is over the limit.',
          );
        }
        const results = entries.map(putEntry);
        return {
          FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
          Entries: results,
        };
      },
    },
  });
}

/** As EventBridge counts: the texts in UTF-8, 14 bytes for a time. */
function sizeOf(entry: JsonObject): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...read.texts(entry, 'Resources')];
  const bytes = texts.reduce(
    (sum: number, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    0,
  );
  return bytes + (entry.Time === undefined ? 0 : TIME_BYTES);
}

function toEvent(entry: JsonObject, busNames: readonly string[]): BusEvent | EntryFault {
  const invalid = (message: string): EntryFault => ({ ErrorCode: 'InvalidArgument', ErrorMessage: message });
  for (const name of ['Source', 'DetailType', 'Detail']) {
    if (!read.optionalText(entry, name))
      return invalid(`Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
  }
  const source = read.text(entry, 'Source');
  if (source.startsWith('aws.')) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: `Not authorized for the source ${source}.`,
    };
  }
  const busName = read.optionalText(entry, 'EventBusName') ?? 'default';
  if (!busNames.includes(busName)) return invalid(`Event bus ${busName} does not exist.`);
  const detail = parseDetail(read.text(entry, 'Detail'));
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const time = entry.Time;
  if (time !== undefined && typeof time !== 'number') return invalid('Parameter Time is not valid.');
  return {
    source,
    detailType: read.text(entry, 'DetailType'),
    detail,
    resources: read.texts(entry, 'Resources'),
    ...(time === undefined ? {} : { time: new Date(time * 1000) }),
  };
}

function parseDetail(text: string): JsonObject | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return isObject(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}
