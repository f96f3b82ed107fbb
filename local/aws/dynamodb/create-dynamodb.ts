import { join } from 'node:path';
import { DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { Logger } from '../../../core/log/logger.ts';
import type { TableSpec } from '../../../terraform/reader/infrastructure.ts';
import type { OnStop } from '../../start/start-in-order.ts';
import type { Invoke } from '../events/async-invoker.ts';
import type { AwsCredentials } from '../wire/verify-signature.ts';
import { createTables } from './create-tables.ts';
import { createDynamodbApi } from './dynamodb-api.ts';
import { startDynoxide } from './dynoxide.ts';
import { StreamPump } from './stream-pump.ts';
import { createStreamReader } from './stream-reader.ts';
import { sweepExpired } from './ttl-sweep.ts';

export type Dynamodb = Awaited<ReturnType<typeof createDynamodb>>;

export interface DynamodbOptions {
  readonly tables: readonly TableSpec[];
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly folders: { readonly dynamodb: string; readonly state: string };
  readonly invoke: Invoke;
  readonly logger: Logger;
  readonly now: () => Date;
}

const TTL_SWEEP_MS = 60_000;
const EXTERNAL_POLL_MS = 1_000;

/** DynamoDB with its tables: a child process of ours, or an endpoint that is there already. */
export async function createDynamodb(options: DynamodbOptions, onStop: OnStop) {
  const { region, credentials, folders, logger } = options;
  const child =
    options.endpoint === undefined ? await startDynoxide({ folder: folders.dynamodb, logger }) : undefined;
  onStop('database', () => child?.close());
  const endpoint = options.endpoint ?? child?.endpoint ?? '';
  const client = new DynamoDBClient({ endpoint, region, credentials });
  onStop('database client', () => client.destroy());
  const streams = new DynamoDBStreamsClient({ endpoint, region, credentials });
  onStop('streams client', () => streams.destroy());
  let pumps: ReadonlyMap<string, StreamPump> = new Map();
  let sweepTimer: NodeJS.Timeout | undefined;
  const wake = (tables: readonly string[]) => tables.forEach((name) => void pumps.get(name)?.wake());
  const { accessKeyId } = credentials;
  const api = createDynamodbApi({ backend: endpoint, accessKeyId, onWrite: wake });
  onStop('database connections', api.close);
  const tables = await createTables(client, options.tables);
  return {
    api,
    /** Starts to hand the streams to their functions, and to delete what has expired. */
    startSources(): void {
      pumps = startPumps(tables, streams, options);
      sweepTimer = setInterval(() => {
        void sweep(client, options, wake);
        trim(child, options);
      }, TTL_SWEEP_MS);
    },
    /** Resolves when every stream has been handed over. */
    async idle(): Promise<void> {
      await Promise.all([...pumps.values()].map((pump) => pump.idle()));
    },
    async stopSources(): Promise<void> {
      clearInterval(sweepTimer);
      await Promise.all([...pumps.values()].map((pump) => pump.close()));
    },
  };
}

/** One for each table whose stream goes to a function, by the table's name. */
function startPumps(
  tables: readonly TableDescription[],
  client: DynamoDBStreamsClient,
  { tables: specs, endpoint, folders, invoke, logger }: DynamodbOptions,
): ReadonlyMap<string, StreamPump> {
  const pumps = new Map<string, StreamPump>();
  for (const [index, spec] of specs.entries()) {
    const { name, streamTo, streamBatchSize: batchSize, streamBatchingWindowMs: batchingWindowMs } = spec;
    const streamArn = tables[index]?.LatestStreamArn;
    if (streamTo === undefined || streamArn === undefined) continue;
    const reader = createStreamReader({
      client,
      streamArn,
      checkpointFile: join(folders.state, `stream-${name}.json`),
      onTrimmed: () => logger.error('Stream records were trimmed before they were read', { table: name }),
    });
    const pump = new StreamPump({
      reader,
      streamArn,
      invoke: (event) => invoke(streamTo, event),
      logger: logger.with({ stream: name }),
      batchSize,
      batchingWindowMs,
      pollMs: endpoint === undefined ? undefined : EXTERNAL_POLL_MS,
    });
    pumps.set(name, pump);
  }
  return pumps;
}

async function sweep(
  client: DynamoDBClient,
  { tables, logger, now }: DynamodbOptions,
  wake: (tables: readonly string[]) => void,
): Promise<void> {
  try {
    for (const table of tables) if ((await sweepExpired(client, table, now())) > 0) wake([table.name]);
  } catch (error) {
    logger.error('Expired items cannot be deleted', { error });
  }
}

function trim(
  child: { readonly trim: (now: Date) => number } | undefined,
  { logger, now }: DynamodbOptions,
): void {
  try {
    child?.trim(now());
  } catch (error) {
    logger.warn('Stream records of earlier days are not deleted now, but tried again in a minute', { error });
  }
}
