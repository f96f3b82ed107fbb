/** The router's bundle as a process of its own, in front of the sessions, as a load balancer and ECS have it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CONNECT_PATH } from '../../core/domain/connect-url.ts';
import { awaitReady, endChild } from './child-process.ts';
import { openLineLog, readLines } from './line-log.ts';

export interface RouterProcessOptions {
  readonly bundle: string;
  readonly host: string;
  /** What it reads besides its address: tables, and how to reach them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly onUnexpectedExit: (how: { code: number | null; signal: string | null }) => void;
}

export class RouterNotStarted extends Error {
  override readonly name = 'RouterNotStarted';
}

const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 3_000;
// The tasks have ended by then, and with them every connection.
const DRAIN_MS = 500;

/** Answers with what PUBLIC_CONNECT_ORIGIN is to say, and how to end it. */
export async function startRouter(options: RouterProcessOptions) {
  const { host, environment, onUnexpectedExit } = options;
  const log = openLineLog(options.logFile);
  const child = spawn(process.execPath, [options.bundle], {
    // In a group of its own: Ctrl-C reaches a whole group, and the sessions are to end before their router. When this
    // process is killed, the channel to it closes and the router ends by itself.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...environment, HOST: host, PORT: '0', DRAIN_MS: String(DRAIN_MS) },
  });
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) readLines(stream, log.write);
  let isClosing = false;
  const close = async (): Promise<void> => {
    isClosing = true;
    await endChild(child, STOP_LIMIT_MS);
    await log.close();
  };
  const ready = once(child, 'message') as Promise<[{ port: number }]>;
  const fail = (what: string, cause?: unknown) =>
    new RouterNotStarted(`The router ${what}: see ${options.logFile}`, { cause });
  try {
    const [{ port }] = await awaitReady(child, ready, { limitMs: START_LIMIT_MS, fail });
    child.once('exit', (code, signal) => {
      if (!isClosing) onUnexpectedExit({ code, signal });
    });
    return { connectOrigin: `ws://${host}:${port}${CONNECT_PATH}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}
