import { join } from 'node:path';
import { DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { Logger } from '../../../core/log/logger.ts';
import type { TableSpec } from '../../../terraform/reader/infrastructure.ts';
import type { Invoke } from '../events/async-invoker.ts';
import type { AwsService } from '../wire/aws-server.ts';
import type { AwsCredentials } from '../wire/verify-signature.ts';
import { createTables } from './create-tables.ts';
import { createDynamodbApi } from './dynamodb-api.ts';
import { startDynoxide } from './dynoxide.ts';
import { type StreamPump, startStreamPump } from './stream-pump.ts';
import { createStreamReader } from './stream-reader.ts';
import { sweepExpired } from './ttl-sweep.ts';

export interface Dynamodb {
  readonly api: AwsService;
  /** Starts to hand the streams to their functions, and to delete what has expired. */
  startSources(): void;
  /** Resolves when every stream has been handed over. */
  idle(): Promise<void>;
  stopSources(): Promise<void>;
  close(): Promise<void>;
}

const TTL_SWEEP_MS = 60_000;
const EXTERNAL_POLL_MS = 1_000;

/** DynamoDB with its tables: a child process of ours, or an endpoint that is there already. */
export async function createDynamodb(options: {
  readonly tables: readonly TableSpec[];
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly folders: { readonly dynamodb: string; readonly state: string };
  readonly invoke: Invoke;
  readonly logger: Logger;
  readonly now: () => Date;
}): Promise<Dynamodb> {
  const { region, credentials, folders, logger } = options;
  const child =
    options.endpoint === undefined ? await startDynoxide({ folder: folders.dynamodb, logger }) : undefined;
  const endpoint = options.endpoint ?? child?.endpoint ?? '';
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const streams = new DynamoDBStreamsClient({ endpoint, region, credentials });
  const pumps: StreamPump[] = [];
  const wake = (): void => {
    for (const pump of pumps) pump.wake();
  };
  const api = createDynamodbApi({
    backend: endpoint,
    accessKeyId: credentials.accessKeyId,
    onWrite: wake,
  });
  let sweepTimer: NodeJS.Timeout | undefined;

  const close = async (): Promise<void> => {
    api.close();
    client.destroy();
    streams.destroy();
    await child?.close();
  };

  let tables: TableDescription[];
  try {
    tables = await createTables(client, options.tables);
  } catch (error) {
    await close();
    throw error;
  }

  const startPump = (streamArn: string, { name, streamTo = '', streamBatchSize }: TableSpec): StreamPump =>
    startStreamPump({
      reader: createStreamReader({
        client: streams,
        streamArn,
        checkpointFile: join(folders.state, `stream-${name}.json`),
        onTrimmed: () => logger.error('Stream records were trimmed before they were read', { table: name }),
      }),
      streamArn,
      invoke: (event) => options.invoke(streamTo, event),
      logger: logger.with({ stream: name }),
      ...(streamBatchSize === undefined ? {} : { batchSize: streamBatchSize }),
      ...(child === undefined ? { pollMs: EXTERNAL_POLL_MS } : {}),
    });

  const sweep = async (): Promise<void> => {
    try {
      for (const table of options.tables) {
        if ((await sweepExpired(client, table, options.now())) > 0) wake();
      }
    } catch (error) {
      logger.error('Expired items cannot be deleted', { error });
    }
  };

  return {
    api,
    startSources() {
      for (const [index, spec] of options.tables.entries()) {
        const streamArn = tables[index]?.LatestStreamArn;
        if (spec.streamTo !== undefined && streamArn !== undefined) pumps.push(startPump(streamArn, spec));
      }
      sweepTimer = setInterval(() => void sweep(), TTL_SWEEP_MS);
    },
    async idle() {
      await Promise.all(pumps.map((pump) => pump.idle()));
    },
    async stopSources() {
      clearInterval(sweepTimer);
      await Promise.all(pumps.map((pump) => pump.close()));
    },
    close,
  };
}
