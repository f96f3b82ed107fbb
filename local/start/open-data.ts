/** The tables and secrets of one machine, for whoever administers it: nothing here runs browsers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../core/log/logger.ts';
import type { Infrastructure } from '../../terraform/reader/infrastructure.ts';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';
import { loadCredentials } from '../data/credentials.ts';
import { findEndpoint } from '../data/published-endpoint.ts';
import { openDatabase, openObjects, openSecrets, serveEndpoint, takeDataFolder } from './open-stand-ins.ts';
import { startInOrder } from './start-in-order.ts';

export interface Data {
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
  /** Only then are there browsers. */
  readonly isRunning: boolean;
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

/** Opens the data of a machine: through the machine when it runs, by itself when it does not. */
export async function openData(options: DataOptions): Promise<Data> {
  const { dataDir, logger } = options;
  const stateFolder = join(dataDir, 'aws');
  if (!existsSync(stateFolder)) {
    throw new NoDataError(`There is no installation in ${dataDir}: run "npm start" once`);
  }
  const running = findEndpoint(stateFolder);
  if (running !== undefined)
    return {
      endpoint: running,
      credentials: loadCredentials(stateFolder),
      isRunning: true,
      close: async () => {},
    };
  return startInOrder<Omit<Data, 'close'>>(async (onStop) => {
    const { folders, credentials } = takeDataFolder(dataDir, onStop);
    // No stream is followed here.
    const invoke = async () => undefined;
    const given = { ...options, folders, credentials, invoke, now: () => new Date() };
    const dynamodb = (await openDatabase(given, onStop)).api;
    const services = { dynamodb, s3: openObjects(given, onStop), secretsmanager: openSecrets(given) };
    const { endpoint } = await serveEndpoint({ ...given, services }, onStop);
    return { endpoint, credentials, isRunning: false };
  }, logger.error);
}
