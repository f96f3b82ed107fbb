import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Logger } from '../../../core/log/logger.ts';
import { readJsonFile, writeFileAtomic } from '../../data/atomic-file.ts';
import { awaitReady, endChild } from '../../processes/child-process.ts';
import { readLines } from '../../processes/line-log.ts';
import { pause } from '../../processes/pause.ts';
import { probePort } from '../../processes/probe-port.ts';
import { awaitExit, identityOf, type ProcessIdentity, signalProcess } from '../../processes/process-table.ts';
import { indexStreamRecords, trimStreamRecords } from './stream-records.ts';

export class DynamodbUnavailable extends Error {
  override readonly name = 'DynamodbUnavailable';
}

const PACKAGE = '@dynoxide/linux-x64';
const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 1_500;
const RESTART_DELAY_MS = 100;
const RECORD = 'process.json';

/**
 * DynamoDB as a child process, its data in `folder`. Started again when it dies: a write that was answered is on disk.
 *
 * It checks no signature and answers any page of any origin, so it listens where a page cannot find it: on a random
 * address of 127.0.0.0/8 and a random port. Only our endpoint, which checks signatures, is made known.
 */
export async function startDynoxide({ folder, logger }: { folder: string; logger: Logger }) {
  await endPredecessor(folder);
  const databaseFile = join(folder, 'dynamodb.sqlite');
  let address = await freeAddress();
  const closing = new AbortController();
  let restarting = Promise.resolve();
  // Between the probe and the start somebody else may have taken the port.
  let child = await launch().catch(async (error: unknown) => {
    logger.warn('DynamoDB does not start here and is tried elsewhere', { error });
    address = await freeAddress();
    return launch();
  });

  async function launch(): Promise<ChildProcess> {
    const args = ['serve', '--host', address.host, '--port', address.port, '--db-path', databaseFile];
    // In a group of its own: Ctrl-C reaches a whole group, and this one is to outlive the tasks.
    const started = spawn(findBinary(), args, { stdio: ['ignore', 'pipe', 'pipe'], env: {}, detached: true });
    if (started.pid !== undefined)
      writeFileAtomic(join(folder, RECORD), JSON.stringify(identityOf(started.pid)));
    await awaitListening(started);
    indexRecords();
    started.once('exit', (code, signal) => {
      restarting = restart(code, signal);
    });
    return started;
  }

  /** Slower, and not wrong, without. */
  function indexRecords(): void {
    try {
      indexStreamRecords(databaseFile);
    } catch (error) {
      logger.warn('Stream records are not indexed: DynamoDB becomes slower with each write', { error });
    }
  }

  async function restart(code: number | null, signal: string | null): Promise<void> {
    while (!closing.signal.aborted) {
      logger.error('DynamoDB ended by itself and is started again', { code, signal });
      await pause(RESTART_DELAY_MS, closing.signal);
      if (closing.signal.aborted) return;
      try {
        child = await launch();
        return;
      } catch (error) {
        logger.error('DynamoDB does not start', { error });
      }
    }
  }

  return {
    endpoint: `http://${address.host}:${address.port}`,
    /** Of stream records that are older than a day, deletes some. Answers how many. */
    trim: (now: Date): number => trimStreamRecords(databaseFile, now),
    async close(): Promise<void> {
      closing.abort();
      await restarting;
      await endChild(child, STOP_TIMEOUT_MS);
    },
  };
}

async function freeAddress() {
  const host = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
  return { host, port: String(await probePort(0, host)) };
}

function findBinary(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), 'dynoxide');
  } catch (cause) {
    throw new DynamodbUnavailable(
      `The npm package ${PACKAGE} is not there for this platform: start DynamoDB Local and set ` +
        'WALLCRAWLER_DYNAMODB_ENDPOINT=http://127.0.0.1:8000',
      { cause },
    );
  }
}

/** After a kill -9 of the machine its database process lives on and holds the file. */
async function endPredecessor(folder: string): Promise<void> {
  const predecessor = readJsonFile(join(folder, RECORD)) as ProcessIdentity | undefined;
  if (predecessor === undefined || !signalProcess(predecessor, 'SIGTERM')) return;
  if (await awaitExit([predecessor], STOP_TIMEOUT_MS)) return;
  signalProcess(predecessor, 'SIGKILL');
  await awaitExit([predecessor], STOP_TIMEOUT_MS);
}

/** Resolves on the line that says so; rejects with the last line when the process ends or stays silent. */
async function awaitListening(child: ChildProcess): Promise<void> {
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  let lastLine = 'no output';
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    readLines(stream, (line) => {
      lastLine = line;
      if (line.includes('listening on')) resolve();
    });
  }
  const fail = (what: string, cause?: unknown) =>
    new DynamodbUnavailable(`DynamoDB ${what}: ${lastLine}`, { cause });
  try {
    await awaitReady(child, listening, { limitMs: START_TIMEOUT_MS, fail });
  } catch (error) {
    await endChild(child, 0);
    throw error;
  }
}
