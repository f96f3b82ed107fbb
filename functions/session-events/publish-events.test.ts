import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionEvent } from '../../core/domain/session-event.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { publishEvents } from './publish-events.ts';

const record = (sequence: number, changes: object = {}): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: `record-${sequence}`,
    NewImage: marshall({
      sessionId: 's1',
      projectId: 'p1',
      sequence: String(sequence).padStart(8, '0'),
      at: 't',
      type: 'client.connected',
      data: { clients: sequence },
      platform: 3,
      containerId: 'w01-secret',
      containerNumber: sequence,
      purgeAt: 1,
      ...changes,
    }) as never,
  },
});

async function publish(records: readonly DynamoDBRecord[], refuses?: number | Error) {
  const told: SessionEvent[][] = [];
  const log = recordLog();
  const { batchItemFailures } = await publishEvents({
    logger: log.logger,
    maxEntries: 2,
    putSessionEvents: async (events) => {
      told.push([...events]);
      if (refuses instanceof Error) throw refuses;
      const at = events.findIndex(({ sequence }) => sequence === refuses);
      return at === -1 ? { taken: events.length } : { taken: at, fault: 'Throttling' };
    },
  })({ Records: [...records] });
  return { told, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), log };
}
const sequences = (told: readonly (readonly SessionEvent[])[]) =>
  told.map((events) => events.map(({ sequence }) => sequence));

const publishing = suite('publishEvents');

publishing('tells the bus of each event, in order, as many at once as it takes', async () => {
  const { told, failed } = await publish([1, 2, 3].map((sequence) => record(sequence)));
  assert.equal([sequences(told), failed], [[[1, 2], [3]], []]);
  assert.equal(told[1]?.[0], {
    sessionId: 's1',
    projectId: 'p1',
    sequence: 3,
    at: 't',
    category: 'client',
    type: 'client.connected',
    data: { clients: 3 },
  });
});

publishing('hands the batch back from the first that the bus refuses, and tells none after it', async () => {
  const { told, failed, log } = await publish(
    [1, 2, 3, 4, 5].map((sequence) => record(sequence)),
    4,
  );
  assert.equal(
    [sequences(told), failed],
    [
      [
        [1, 2],
        [3, 4],
      ],
      ['record-4'],
    ],
  );
  assert.match(log.text(), 'Throttling');
});

publishing('hands it back where the bus cannot be reached', async () => {
  assert.equal((await publish([record(1), record(2)], new Error('ECONNRESET'))).failed, ['record-1']);
});

publishing('says nothing of events whose time is over, and of those that it does not know', async () => {
  const records = [{ ...record(1), eventName: 'REMOVE' as const }, record(2, { type: 'of.tomorrow' }), {}];
  assert.equal((await publish(records)).told, []);
});

publishing.run();
