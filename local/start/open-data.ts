import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../core/log/logger.ts';
import type { Infrastructure } from '../../terraform/reader/infrastructure.ts';
import { createDynamodb } from '../aws/dynamodb/create-dynamodb.ts';
import { createSecretsApi } from '../aws/secrets/secrets-api.ts';
import { createSecretsStore } from '../aws/secrets/secrets-store.ts';
import { startAwsServer } from '../aws/wire/aws-server.ts';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';
import { readJsonFile, writeFileAtomic } from '../data/atomic-file.ts';
import { loadCredentials } from '../data/credentials.ts';
import { openDataFolder } from '../data/data-folder.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../processes/process-identity.ts';

/** The tables and secrets of one machine, and nothing that runs browsers. */
export interface Data {
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
  close(): Promise<void>;
}

export interface DataOptions {
  readonly dataDir: string;
  readonly infrastructure: Infrastructure;
  readonly dynamodbEndpoint: string | undefined;
  readonly logger: Logger;
}

/** There is nothing in the folder to work on. */
export class NoDataError extends Error {
  override readonly name = 'NoDataError';
}

const ENDPOINT_FILE = 'endpoint.json';

interface PublishedEndpoint {
  readonly endpoint: string;
  readonly owner: ProcessIdentity;
}

/** Lets other processes of this user find the stand-ins of this process, as long as it runs. */
export const publishEndpoint = (stateFolder: string, endpoint: string): void =>
  writeFileAtomic(
    join(stateFolder, ENDPOINT_FILE),
    JSON.stringify({ endpoint, owner: identityOf(process.pid) }),
  );

/** Opens the data of a machine: through the machine when it runs, by itself when it does not. */
export async function openData(options: DataOptions): Promise<Data> {
  const stateFolder = join(options.dataDir, 'aws');
  if (!existsSync(stateFolder)) {
    throw new NoDataError(`There is no installation in ${options.dataDir}: run "npm start" once`);
  }
  const published = readJsonFile(join(stateFolder, ENDPOINT_FILE)) as PublishedEndpoint | undefined;
  if (published !== undefined && isRunning(published.owner)) {
    return { endpoint: published.endpoint, credentials: loadCredentials(stateFolder), close: async () => {} };
  }
  return serveData(options);
}

async function serveData({ dataDir, infrastructure, dynamodbEndpoint, logger }: DataOptions): Promise<Data> {
  const { region, accountId, tables } = infrastructure;
  const now = () => new Date();
  const folders = openDataFolder(dataDir);
  const credentials = loadCredentials(folders.state);
  const dynamodb = await createDynamodb({
    tables,
    endpoint: dynamodbEndpoint,
    region,
    credentials,
    folders,
    invoke: async () => {},
    logger,
    now,
  });
  const store = createSecretsStore(join(folders.state, 'secrets.json'));
  const arnPrefix = `arn:aws:secretsmanager:${region}:${accountId}`;
  const server = await startAwsServer({
    port: 0,
    region,
    credentials,
    logger,
    now,
    services: { dynamodb: dynamodb.api, secretsmanager: createSecretsApi({ store, arnPrefix, now }) },
  });
  return {
    endpoint: server.endpoint,
    credentials,
    close: async () => {
      await server.close();
      await dynamodb.close();
      folders.release();
    },
  };
}
