import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { readJsonFile, writeFileAtomic } from '../../data/atomic-file.ts';

/** The last record that is done with. */
interface Checkpoint {
  readonly streamArn: string;
  readonly shardId: string;
  readonly sequenceNumber?: string;
}

export interface StreamReader {
  /** The next records after the position, oldest first; none when all are read. Asking again gives the same. */
  read(limit: number): Promise<readonly StreamRecord[]>;
  /** Whether the last read may have left something that was there already. */
  mayHaveMore(): boolean;
  /** Moves the position behind this record, for good. */
  commit(sequenceNumber: string): void;
}

/** Reads a table's stream from the position kept in a file: shard after shard, oldest first, nothing twice, nothing left out. */
export function createStreamReader(options: {
  readonly client: DynamoDBStreamsClient;
  readonly streamArn: string;
  readonly checkpointFile: string;
  /** Told when the position is older than the stream, so that records are lost. */
  onTrimmed(): void;
}): StreamReader {
  const { client, streamArn } = options;
  const stored = readJsonFile(options.checkpointFile) as Checkpoint | undefined;
  // A table that was made again has a new stream.
  let position = stored?.streamArn === streamArn ? stored : undefined;
  let iterator: string | undefined;
  /** Behind the records that were read last: who commits them all need not look for that place again. */
  let behind:
    | { readonly sequenceNumber: string | undefined; readonly iterator: string | undefined }
    | undefined;
  let mayHaveMore = false;

  const moveTo = (next: Checkpoint): void => {
    position = next;
    writeFileAtomic(options.checkpointFile, JSON.stringify(next));
  };

  const readOnce = async (limit: number): Promise<readonly StreamRecord[]> => {
    for (;;) {
      position ??= { streamArn, shardId: firstShard(await listShards(client, streamArn)) };
      iterator ??= (await client.send(iteratorAt(position))).ShardIterator;
      const { Records = [], NextShardIterator } = await client.send(
        new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }),
      );
      // The position moves by commit alone, so these records are read again until then.
      mayHaveMore = Records.length > 0 && (Records.length >= limit || NextShardIterator === undefined);
      if (Records.length > 0) {
        behind = { sequenceNumber: Records.at(-1)?.dynamodb?.SequenceNumber, iterator: NextShardIterator };
        return Records;
      }
      iterator = NextShardIterator;
      if (iterator !== undefined) return [];
      const next = childOf(await listShards(client, streamArn), position.shardId);
      if (next === undefined) return [];
      moveTo({ streamArn, shardId: next });
    }
  };

  return {
    async read(limit) {
      try {
        return await readOnce(limit);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        iterator = undefined;
        if (error.name === 'TrimmedDataAccessException') {
          options.onTrimmed();
          position = undefined;
        } else if (error.name !== 'ExpiredIteratorException') {
          throw error;
        }
        return readOnce(limit);
      }
    },
    mayHaveMore: () => mayHaveMore,
    commit(sequenceNumber) {
      if (position === undefined) return;
      moveTo({ ...position, sequenceNumber });
      iterator = behind?.sequenceNumber === sequenceNumber ? behind.iterator : undefined;
    },
  };
}

function iteratorAt({ streamArn, shardId, sequenceNumber }: Checkpoint): GetShardIteratorCommand {
  const from =
    sequenceNumber === undefined
      ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
      : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: sequenceNumber } as const);
  return new GetShardIteratorCommand({ StreamArn: streamArn, ShardId: shardId, ...from });
}

async function listShards(client: DynamoDBStreamsClient, streamArn: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let last: string | undefined;
  do {
    const input = { StreamArn: streamArn, ...(last === undefined ? {} : { ExclusiveStartShardId: last }) };
    const { StreamDescription } = await client.send(new DescribeStreamCommand(input));
    shards.push(...(StreamDescription?.Shards ?? []));
    last = StreamDescription?.LastEvaluatedShardId;
  } while (last !== undefined);
  return shards;
}

/** The oldest shard: the one whose parent is no longer there. */
function firstShard(shards: readonly Shard[]): string {
  const ids = new Set(shards.map(({ ShardId }) => ShardId));
  const first = shards.find(({ ParentShardId }) => !ids.has(ParentShardId));
  if (first?.ShardId === undefined) throw new Error('The stream has no shard');
  return first.ShardId;
}

const childOf = (shards: readonly Shard[], shardId: string): string | undefined =>
  shards.find(({ ParentShardId }) => ParentShardId === shardId)?.ShardId;
