import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { CONTAINER_START } from '../../core/domain/timing.ts';
import { type ChromeConnection, ChromeGoneError, createChromeConnection } from './connection.ts';
import { CHROME_LIMITS } from './limits.ts';
import { MemorySigns } from './memory-signs.ts';
import { killOrphanedProcesses } from './orphaned-processes.ts';
import { createStderrTail, type StderrTail } from './stderr-tail.ts';

/** The user that Chrome runs as, when it is another than the controller's. */
export interface ChromeUser {
  readonly uid: number;
  readonly gid: number;
}

export interface ChromeExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Chrome {
  readonly pid: number;
  readonly connection: ChromeConnection;
  readonly exited: Promise<ChromeExit>;
  readonly stderrTail: StderrTail;
  /** Whether a process of it that has died was out of memory. */
  readonly memory: Pick<MemorySigns, 'explains'>;
  /** What it was asked for with the first question. */
  readonly prepared: Promise<void>;
}

export interface LaunchOptions {
  readonly executable: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** In the command line of each of its processes, and of no others. */
  readonly sessionFolder: string;
  readonly user?: ChromeUser | undefined;
  readonly signal: AbortSignal;
  /** What every Chrome is asked for. It travels while Chrome starts. */
  readonly prepare?: (connection: ChromeConnection) => Promise<void>;
  readonly timeoutMs?: number;
}

/** Chrome did not come up. The message says what it said last. */
export class ChromeLaunchError extends Error {
  override readonly name = 'ChromeLaunchError';
  readonly stderrTail: string;
  constructor(what: string, stderrTail: string, options?: ErrorOptions) {
    super(stderrTail === '' ? what : `${what}. The last lines of its stderr: ${stderrTail}`, options);
    this.stderrTail = stderrTail;
  }
}

/** Starts Chrome in a process group of its own; resolves as soon as it answers. */
export async function launchChrome(options: LaunchOptions): Promise<Chrome> {
  const child = spawn(options.executable, options.flags, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    ...options.user,
  });
  const exited = untilExited(child, options);
  const memory = new MemorySigns();
  const stderrTail = createStderrTail((line) => memory.noteLine(line));
  try {
    const [, , , toChrome, fromChrome] = child.stdio as [null, null, Readable, Writable, Readable];
    const connection = createChromeConnection(toChrome, fromChrome, CHROME_LIMITS);
    const answering = untilAnswering(child, connection, stderrTail, options);
    const prepared = Promise.resolve(options.prepare?.(connection));
    // Whoever awaits it sees the failure; one that does not start has a better reason.
    prepared.catch(() => undefined);
    await answering;
    return { pid: child.pid as number, connection, exited, stderrTail, memory, prepared };
  } catch (error) {
    killGroup(child.pid);
    if (child.pid !== undefined) await exited;
    throw error;
  }
}

/**
 * The exit of Chrome, when its other processes are gone too and the last of stderr has been read. After a clean exit
 * those still write (cookies are theirs), after any other they are killed.
 */
function untilExited(
  child: ChildProcess,
  { executable, sessionFolder }: Pick<LaunchOptions, 'executable' | 'sessionFolder'>,
): Promise<ChromeExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      if (code !== 0) killGroup(child.pid);
      const finish = () => {
        clearTimeout(timer);
        killGroup(child.pid);
        resolve({ code, signal });
      };
      const timer = setTimeout(() => {
        // The crash handlers are in sessions of their own, out of the group's reach.
        killOrphanedProcesses(executable, sessionFolder);
        finish();
      }, CHROME_LIMITS.maxOutlivingMs);
      child.once('close', finish);
    });
  });
}

/** The pipe is there before Chrome is: what is asked at once is answered as soon as it can be. */
function untilAnswering(
  child: ChildProcess,
  connection: ChromeConnection,
  stderrTail: StderrTail,
  { signal, timeoutMs = CONTAINER_START.chromeLaunchMs }: LaunchOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (what: string, cause?: unknown) => {
      settle(() =>
        reject(new ChromeLaunchError(what, stderrTail.read(CHROME_LIMITS.launchTailCharacters), { cause })),
      );
    };
    const onError = (error: Error & { code?: string }) =>
      fail(`Chrome could not be executed (${error.code ?? error.name})`, error);
    // 'close', not 'exit': it comes after the last of stderr has been read.
    const onClose = (code: number | null, killedBy: string | null) =>
      fail(`Chrome exited at once (${killedBy ?? `code ${code}`})`);
    const onAbort = () => fail('The launch was given up');
    const timer = setTimeout(() => fail(`Chrome did not answer within ${timeoutMs} ms`), timeoutMs);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      child.off('close', onClose);
      finish();
    };
    child.on('error', onError);
    child.once('close', onClose);
    child.stderr?.setEncoding('utf8').on('data', stderrTail.add);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) return onAbort();
    connection.call('Browser.getVersion').then(
      () => settle(resolve),
      (error: Error) => {
        // A pipe that closes is a Chrome that exits: its 'close' comes next and knows why.
        if (!(error instanceof ChromeGoneError)) fail('Chrome refused the first question', error);
      },
    );
  });
}

/** Kills the whole process group of Chrome at once. Synchronous: the last moment of the process needs it too. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: nobody is left in the group, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
