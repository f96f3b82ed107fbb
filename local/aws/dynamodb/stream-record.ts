import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';

/** A record as Lambda hands it to a function: bytes in base64, the time in seconds, and the stream it came from. */
export function toLambdaRecord(record: StreamRecord, streamArn: string): object {
  const { ApproximateCreationDateTime: createdAt, ...change } = record.dynamodb ?? {};
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: record.eventVersion,
    eventSource: 'aws:dynamodb',
    awsRegion: record.awsRegion,
    dynamodb: {
      ...(createdAt === undefined ? {} : { ApproximateCreationDateTime: createdAt.getTime() / 1000 }),
      ...(encodeBytes(change) as object),
    },
    eventSourceARN: streamArn,
  };
}

function encodeBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(encodeBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encodeBytes(item)]));
}

export const sequenceNumberOf = (record: StreamRecord): string => record.dynamodb?.SequenceNumber ?? '';

/**
 * How many records from the first on were processed, by a function's answer (ReportBatchItemFailures): all before the
 * first failed one. A failure that names no record of the batch counts as a failed batch, as on Lambda.
 */
export function countProcessed(records: readonly StreamRecord[], answer: unknown): number {
  const failures = (answer as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  if (!Array.isArray(failures) || failures.length === 0) return records.length;
  const failed = failures.map((failure: { itemIdentifier?: unknown } | null) =>
    records.findIndex((record) => sequenceNumberOf(record) === failure?.itemIdentifier),
  );
  return Math.max(0, Math.min(...failed));
}
