/** The tables and secrets of one machine, for whoever administers it: nothing here runs browsers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../core/log/logger.ts';
import type { Infrastructure } from '../../terraform/reader/infrastructure.ts';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';
import { loadCredentials } from '../data/credentials.ts';
import { findEndpoint } from '../data/published-endpoint.ts';
import { openDatabase, openSecrets, serveEndpoint, takeDataFolder } from './open-stand-ins.ts';
import { OrderedStart } from './ordered-start.ts';

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

const DATA = new OrderedStart<DataOptions>()
  .step('data folder', takeDataFolder)
  // No stream is followed here.
  .step('functions', () => ({ invoke: async () => undefined, now: () => new Date() }))
  .step('database', openDatabase)
  .step('secrets', openSecrets)
  .step('services', ({ dynamodb, secrets }) => ({
    services: { dynamodb: dynamodb.api, secretsmanager: secrets },
  }))
  .step('endpoint', serveEndpoint);

/** Opens the data of a machine: through the machine when it runs, by itself when it does not. */
export async function openData(options: DataOptions): Promise<Data> {
  const stateFolder = join(options.dataDir, 'aws');
  if (!existsSync(stateFolder)) {
    throw new NoDataError(`There is no installation in ${options.dataDir}: run "npm start" once`);
  }
  const endpoint = findEndpoint(stateFolder);
  if (endpoint === undefined) return DATA.run(options);
  return { endpoint, credentials: loadCredentials(stateFolder), close: async () => {} };
}
