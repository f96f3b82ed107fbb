/** The router's bundle as a process of its own, in front of the sessions; another one is started when it ends by itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { RouterDoor } from '../front/router-door.ts';
import { awaitReady, endChild } from './child-process.ts';
import { openLineLog, readLines } from './line-log.ts';

export interface RouterProcessOptions {
  readonly bundle: string;
  readonly host: string;
  /** What it reads besides its address: tables, and how to reach them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Gets each of its lines as well. */
  readonly onLine?: (line: string) => void;
  readonly onUnexpectedExit: (how: { code: number | null; signal: string | null }) => void;
}

export class RouterNotStarted extends Error {
  override readonly name = 'RouterNotStarted';
}

const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 3_000;
const RESTART_MS = 1_000;
// The tasks have ended by then, and with them every connection.
const DRAIN_MS = 500;

/** Resolves when it is ready. A later one that cannot be started is tried again, and told of each time. */
export async function startRouter(
  options: RouterProcessOptions,
): Promise<RouterDoor & { close(): Promise<void> }> {
  const log = openLineLog(options.logFile);
  const write = (line: string): void => {
    log.write(line);
    options.onLine?.(line);
  };
  let child: ChildProcess | undefined;
  let port: number | undefined;
  let restart: NodeJS.Timeout | undefined;
  let isClosing = false;

  async function start(): Promise<void> {
    child = spawnRouter(options);
    for (const stream of [child.stdout, child.stderr]) if (stream !== null) readLines(stream, write);
    const ready = once(child, 'message') as Promise<[{ port: number }]>;
    const fail = (what: string, cause?: unknown) =>
      new RouterNotStarted(`The router ${what}: see ${options.logFile}`, { cause });
    try {
      [{ port }] = await awaitReady(child, ready, { limitMs: START_LIMIT_MS, fail });
    } catch (error) {
      await endChild(child, STOP_LIMIT_MS);
      throw error;
    }
    child.once('exit', (code, signal) => onExit({ code, signal }));
  }
  function onExit(how: { code: number | null; signal: NodeJS.Signals | null }): void {
    port = undefined;
    if (isClosing) return;
    options.onUnexpectedExit(how);
    restart = setTimeout(() => start().catch(() => onExit({ code: null, signal: null })), RESTART_MS);
  }
  async function close(): Promise<void> {
    isClosing = true;
    clearTimeout(restart);
    if (child !== undefined) await endChild(child, STOP_LIMIT_MS);
    await log.close();
  }

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    close,
    port: () => port,
    take: (client, sent) => port !== undefined && child !== undefined && send(child, client, sent),
  };
}

const spawnRouter = ({ bundle, host, environment }: RouterProcessOptions): ChildProcess =>
  spawn(process.execPath, [bundle], {
    // In a group of its own: Ctrl-C reaches a whole group, and the sessions are to end before their router. When this
    // process is killed, the channel to it closes and the router ends by itself.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...environment, HOST: host, PORT: '0', DRAIN_MS: String(DRAIN_MS) },
  });

/** The connection is the child's from here on, and is closed when it cannot be given. */
function send(child: ChildProcess, client: Socket, sent: string): boolean {
  if (!child.connected) return false;
  // Node has a server ask at its end whoever got one of its connections; when that has ended by itself, it waits for good.
  Object.assign(client, { server: null });
  // What is left here of the connection: the server counts it until then.
  child.send({ sent }, client, () => client.destroy());
  return true;
}
