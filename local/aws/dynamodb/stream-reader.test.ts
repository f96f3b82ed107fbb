import { join } from 'node:path';
import type { DynamoDBStreamsClient, Shard } from '@aws-sdk/client-dynamodb-streams';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectionOf, withFolder } from '../testing/serve-services.ts';
import { createStreamReader } from './stream-reader.ts';

interface FakeShard extends Shard {
  /** Sequence numbers that are still there. */
  readonly records: string[];
  readonly isClosed?: boolean;
}

/** A stream whose iterators are `<shard>:<position>`. */
function fakeStream(shards: FakeShard[]) {
  const calls: string[] = [];
  const failures: string[] = [];
  const find = (id: string) => shards.find(({ ShardId }) => ShardId === id) as FakeShard;
  const answers: Record<string, (input: Record<string, string>) => object> = {
    // A page of one: who reads must ask again.
    DescribeStreamCommand: ({ ExclusiveStartShardId }) => {
      const index = shards.findIndex(({ ShardId }) => ShardId === ExclusiveStartShardId) + 1;
      const isLast = index >= shards.length - 1;
      const Shards = shards.slice(index, index + 1);
      return {
        StreamDescription: { Shards, ...(isLast ? {} : { LastEvaluatedShardId: shards[index]?.ShardId }) },
      };
    },
    GetShardIteratorCommand: ({ ShardId = '', SequenceNumber }) => {
      const { records } = find(ShardId);
      const position = SequenceNumber === undefined ? 0 : records.findIndex((each) => each > SequenceNumber);
      return { ShardIterator: `${ShardId}:${position < 0 ? records.length : position}` };
    },
    GetRecordsCommand: ({ ShardIterator = '', Limit }) => {
      const [id = '', position] = ShardIterator.split(':');
      const { records, isClosed = false } = find(id);
      const found = records.slice(Number(position), Number(position) + Number(Limit));
      const end = Number(position) + found.length;
      return {
        Records: found.map((SequenceNumber) => ({ dynamodb: { SequenceNumber } })),
        ...(isClosed && end >= records.length ? {} : { NextShardIterator: `${id}:${end}` }),
      };
    },
  };
  const client = {
    send: async (command: { constructor: { name: string }; input: Record<string, string> }) => {
      const { name } = command.constructor;
      calls.push(name.replace('Command', ''));
      const failure = name === 'GetRecordsCommand' ? failures.shift() : undefined;
      if (failure !== undefined) throw Object.assign(new Error(failure), { name: failure });
      return answers[name]?.(command.input);
    },
  } as unknown as DynamoDBStreamsClient;
  return { client, calls, failures };
}

interface Opened {
  read(limit?: number): Promise<(string | undefined)[]>;
  commit(sequenceNumber: string): void;
  mayHaveMore(): boolean;
  trims: number;
}

const open = (client: DynamoDBStreamsClient, folder: string, streamArn = 'arn:stream'): Opened => {
  const opened = {
    trims: 0,
    mayHaveMore: () => reader.mayHaveMore(),
    read: async (limit = 10) => (await reader.read(limit)).map(({ dynamodb }) => dynamodb?.SequenceNumber),
    commit: (sequenceNumber: string) => reader.commit(sequenceNumber),
  };
  const onTrimmed = () => {
    opened.trims += 1;
  };
  const checkpointFile = join(folder, 'checkpoint.json');
  const reader = createStreamReader({ client, streamArn, checkpointFile, onTrimmed });
  return opened;
};

const t = suite('reading a stream');

t('gives the same records until they are committed', () =>
  withFolder(async (folder) => {
    const { client } = fakeStream([{ ShardId: 'a', records: ['1', '2', '3'] }]);
    const reader = open(client, folder);
    assert.equal(await reader.read(2), ['1', '2']);
    assert.equal(await reader.read(2), ['1', '2']);
    reader.commit('1');
    assert.equal(await reader.read(2), ['2', '3']);
    reader.commit('3');
    assert.equal(await reader.read(2), []);
  }),
);

t('goes on behind what was committed before a restart, but not in the stream of another table', () =>
  withFolder(async (folder) => {
    const { client } = fakeStream([{ ShardId: 'a', records: ['1', '2'] }]);
    const before = open(client, folder);
    await before.read();
    before.commit('1');
    assert.equal(await open(client, folder).read(), ['2']);
    assert.equal(await open(client, folder, 'arn:made-again').read(), ['1', '2']);
  }),
);

t('follows shards from the oldest to the youngest, whatever their order', () =>
  withFolder(async (folder) => {
    const { client } = fakeStream([
      { ShardId: 'b', ParentShardId: 'a', records: ['3'] },
      { ShardId: 'a', ParentShardId: 'gone', records: ['1', '2'], isClosed: true },
    ]);
    const reader = open(client, folder);
    assert.equal(await reader.read(), ['1', '2']);
    reader.commit('2');
    assert.equal(await reader.read(), ['3']);
    assert.equal(await open(client, folder).read(), ['3'], 'and remembers the shard');
  }),
);

t('of a closed shard without a successor gives nothing more', () =>
  withFolder(async (folder) => {
    const { client } = fakeStream([{ ShardId: 'a', records: ['1'], isClosed: true }]);
    const reader = open(client, folder);
    await reader.read();
    reader.commit('1');
    assert.equal(await reader.read(), []);
  }),
);

t('sees what is written later by the iterator that it has', () =>
  withFolder(async (folder) => {
    const records: string[] = [];
    const { client, calls } = fakeStream([{ ShardId: 'a', records }]);
    const reader = open(client, folder);
    assert.equal(await reader.read(), []);
    records.push('1');
    assert.equal(await reader.read(), ['1']);
    assert.equal(calls, ['DescribeStream', 'GetShardIterator', 'GetRecords', 'GetRecords']);
  }),
);

t('goes on by the iterator behind what it has read, once all of that is committed', () =>
  withFolder(async (folder) => {
    const records = ['1', '2', '3'];
    const { client, calls } = fakeStream([{ ShardId: 'a', records }]);
    const reader = open(client, folder);
    await reader.read(2);
    reader.commit('2');
    assert.equal(await reader.read(2), ['3']);
    assert.equal(calls, ['DescribeStream', 'GetShardIterator', 'GetRecords', 'GetRecords']);
    records.push('4');
    reader.commit('3');
    assert.equal(await reader.read(2), ['4']);
    assert.is(calls.filter((call) => call === 'GetShardIterator').length, 1);
  }),
);

t('knows whether a read may have left something: as many as were asked for, or a shard that is closed', () =>
  withFolder(async (folder) => {
    const { client } = fakeStream([
      { ShardId: 'a', records: ['1', '2', '3'], isClosed: true },
      { ShardId: 'b', ParentShardId: 'a', records: ['4'] },
    ]);
    const reader = open(client, folder);
    const next = async (limit: number) => {
      const read = await reader.read(limit);
      reader.commit(read.at(-1) ?? '');
      return [read.join(), reader.mayHaveMore()];
    };
    assert.equal(await next(2), ['1,2', true]);
    assert.equal(await next(2), ['3', true], 'its successor may have some');
    assert.equal(await next(2), ['4', false]);
    assert.equal([await reader.read(2), reader.mayHaveMore()], [[], false]);
  }),
);

t('opens an expired iterator again, where it was', () =>
  withFolder(async (folder) => {
    const { client, failures } = fakeStream([{ ShardId: 'a', records: ['1', '2'] }]);
    const reader = open(client, folder);
    await reader.read();
    reader.commit('1');
    failures.push('ExpiredIteratorException');
    assert.equal(await reader.read(), ['2']);
    assert.is(reader.trims, 0);
  }),
);

t('tells of records that were trimmed, and goes on with the oldest that is left', () =>
  withFolder(async (folder) => {
    const { client, failures } = fakeStream([{ ShardId: 'b', records: ['8', '9'] }]);
    const reader = open(client, folder);
    failures.push('TrimmedDataAccessException');
    assert.equal(await reader.read(), ['8', '9']);
    assert.is(reader.trims, 1);
  }),
);

t('passes any other failure on, and one that comes twice', () =>
  withFolder(async (folder) => {
    const { client, failures } = fakeStream([{ ShardId: 'a', records: ['1'] }]);
    const reader = open(client, folder);
    failures.push('InternalServerError');
    assert.is((await rejectionOf(reader.read())).name, 'InternalServerError');
    failures.push('ExpiredIteratorException', 'ExpiredIteratorException');
    assert.is((await rejectionOf(reader.read())).name, 'ExpiredIteratorException');
    assert.equal(await reader.read(), ['1']);
  }),
);

t('is refused by a stream without a shard', () =>
  withFolder(async (folder) => {
    const { client } = fakeStream([]);
    assert.is((await rejectionOf(open(client, folder).read())).message, 'The stream has no shard');
  }),
);

t.run();
