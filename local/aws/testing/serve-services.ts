import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Logger } from '../../../core/log/logger.ts';
import type { Access } from '../iam/access.ts';
import { type AwsService, startAwsServer } from '../wire/aws-server.ts';

import { closeAtEnd, closeOpenThings } from './open-things.ts';

export const REGION = 'us-west-2';
export const CREDENTIALS = { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret' };

export const silentLogger: Logger = createLogger({}, () => {});

/** A logger whose lines a test can look at. */
export function createListLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return { logger: createLogger({}, (line) => lines.push(line)), lines };
}

/** Some services on a real socket, and what an SDK client needs to use them. */
export async function serveServices(
  services: Readonly<Record<string, AwsService>>,
  {
    access,
    logger = silentLogger,
    now = () => new Date(),
  }: { access?: Access; logger?: Logger; now?: () => Date } = {},
) {
  const server = await startAwsServer({
    port: 0,
    region: REGION,
    credentials: CREDENTIALS,
    ...(access === undefined ? {} : { access }),
    services,
    logger,
    now,
  });
  closeAtEnd(server.close);
  const client = { endpoint: server.endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 };
  return { ...server, client };
}

/** A folder that is gone after `use`. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-aws-'));
  try {
    return await use(folder);
  } finally {
    await closeOpenThings();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The error that `action` rejects with, so that a test can look at it; fails when it does not reject. */
export async function rejectionOf(
  action: Promise<unknown>,
): Promise<Error & { $metadata?: { httpStatusCode?: number } }> {
  try {
    await action;
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not reject');
}
