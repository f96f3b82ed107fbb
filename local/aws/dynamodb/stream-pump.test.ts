import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createListLogger } from '../testing/serve-services.ts';
import { StreamPump } from './stream-pump.ts';
import type { StreamReader } from './stream-reader.ts';
import { countProcessed, toLambdaRecord } from './stream-record.ts';

const pump = suite('stream pump');

interface Batch {
  readonly Records: readonly { readonly dynamodb: { readonly SequenceNumber: string } }[];
}

const numbersOf = (event: unknown): string[] =>
  (event as Batch).Records.map(({ dynamodb }) => dynamodb.SequenceNumber);

/** A stream in memory, that counts from 1. */
function createFakeStream(length: number) {
  let position = 0;
  const records: StreamRecord[] = [];
  const add = () => records.push({ dynamodb: { SequenceNumber: String(records.length + 1) } });
  for (let index = 0; index < length; index++) add();
  let reads = 0;
  let mayHaveMore = false;
  const reader: StreamReader = {
    async read(limit) {
      reads += 1;
      const read = records.slice(position, position + limit);
      mayHaveMore = read.length >= limit;
      return read;
    },
    mayHaveMore: () => mayHaveMore,
    commit: (sequenceNumber) => {
      position = Number(sequenceNumber);
    },
  };
  return { reader, add, position: () => position, reads: () => reads };
}

function start(
  stream: { reader: StreamReader },
  invoke: (numbers: string[]) => unknown,
  { maxAttempts = 3, batchingWindowMs }: { maxAttempts?: number; batchingWindowMs?: number } = {},
) {
  const { logger, lines } = createListLogger();
  const started = new StreamPump({
    reader: stream.reader,
    streamArn: 'arn',
    invoke: async (event) => invoke(numbersOf(event)),
    logger,
    batchSize: 3,
    batchingWindowMs,
    maxAttempts,
    retryDelayMs: { first: 1, max: 2 },
  });
  return {
    idle: () => started.idle(),
    wake: () => started.wake(),
    close: () => started.close(),
    lines,
  };
}

pump('waits for more where its batches have a window', async () => {
  const stream = createFakeStream(1);
  const batches: string[][] = [];
  const { idle, close } = start(stream, (numbers) => void batches.push(numbers), { batchingWindowMs: 100 });
  await new Promise(setImmediate);
  stream.add();
  await idle();
  assert.equal(batches, [['1', '2']]);
  await close();
});

pump('waits for nothing once a batch is full', async () => {
  const batches: string[][] = [];
  const { idle, close } = start(createFakeStream(3), (numbers) => void batches.push(numbers), {
    batchingWindowMs: 3_600_000,
  });
  await idle();
  assert.equal(batches, [['1', '2', '3']]);
  await close();
});

pump('hands over every record once, in order, in batches', async () => {
  const stream = createFakeStream(7);
  const batches: string[][] = [];
  const { idle, wake, close } = start(stream, (numbers) => void batches.push(numbers));
  await idle();
  stream.add();
  wake();
  await idle();
  await close();
  assert.equal(batches, [['1', '2', '3'], ['4', '5', '6'], ['7'], ['8']]);
  assert.is(stream.reads(), 4, 'a batch that is not full was all there was');
});

pump('goes on from the record that failed, after a failed item and after a thrown error', async () => {
  const stream = createFakeStream(5);
  const seen: string[][] = [];
  const faults = [
    { batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '2' }] },
    new Error('down'),
    { batchItemFailures: [{ itemIdentifier: 'of no record' }] },
  ];
  const { idle, close } = start(
    stream,
    (numbers) => {
      seen.push(numbers);
      const fault = faults.shift();
      if (fault instanceof Error) throw fault;
      return fault;
    },
    { maxAttempts: 5 },
  );
  await idle();
  await close();
  assert.equal(seen, [['1', '2', '3'], ['2'], ['2'], ['2'], ['3', '4', '5']]);
  assert.is(stream.position(), 5);
});

pump('gives up a record that fails for ever, and only that one', async () => {
  const stream = createFakeStream(4);
  const done: string[] = [];
  const { idle, close, lines } = start(stream, (numbers) => {
    if (numbers.includes('2')) throw new Error('poison');
    done.push(...numbers);
  });
  await idle();
  await close();
  assert.equal(done, ['1', '3', '4']);
  assert.ok(lines.some((line) => line.includes('is given up') && line.includes('"sequenceNumber":"2"')));
});

pump('stops while it waits, and while it retries', async () => {
  const stream = createFakeStream(1);
  const { close } = start(stream, () => {
    throw new Error('down');
  });
  await close();
  assert.is(stream.position(), 0);
  const waiting = start(createFakeStream(0), () => undefined);
  await waiting.idle();
  await waiting.close();
});

pump.run();

const records = suite('stream records');

records('have the shape that Lambda gives them', () => {
  const record: StreamRecord = {
    eventID: 'e',
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'other',
    awsRegion: 'r',
    dynamodb: {
      ApproximateCreationDateTime: new Date(5_000),
      Keys: { id: { S: 'a' } },
      NewImage: { id: { S: 'a' }, data: { B: Buffer.from('x') }, list: { L: [{ N: '1' }, { NULL: true }] } },
      SequenceNumber: '7',
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
  assert.equal(toLambdaRecord(record, 'arn'), {
    eventID: 'e',
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'r',
    dynamodb: {
      ApproximateCreationDateTime: 5,
      Keys: { id: { S: 'a' } },
      NewImage: { id: { S: 'a' }, data: { B: 'eA==' }, list: { L: [{ N: '1' }, { NULL: true }] } },
      SequenceNumber: '7',
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: 'arn',
  });
});

records('count as processed up to the first failure', () => {
  const batch = ['1', '2', '3'].map((SequenceNumber) => ({ dynamodb: { SequenceNumber } }));
  const failing = (...ids: string[]) => ({
    batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
  });
  const cases = [
    [undefined, 3],
    [{ batchItemFailures: [] }, 3],
    [failing('1'), 0],
    [failing('3', '2'), 1],
    [failing(''), 0],
    [{ batchItemFailures: [null] }, 0],
  ] as const;
  for (const [answer, expected] of cases) assert.is(countProcessed(batch, answer), expected);
});

records.run();
