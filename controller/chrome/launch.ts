import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ChromeUser } from '../session-folder.ts';
import { createLastWords, type LastWords } from './last-words.ts';
import { type ChromePipe, createChromePipe } from './pipe.ts';
import { killStragglers } from './stragglers.ts';

/** Where Chrome listens: loopback only, and known to this process only. */
export interface BrowserEndpoint {
  readonly port: number;
  /** Path of the browser-level WebSocket. */
  readonly browserPath: string;
}

export interface ChromeExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Chrome {
  readonly pid: number;
  readonly endpoint: BrowserEndpoint;
  readonly pipe: ChromePipe;
  readonly exited: Promise<ChromeExit>;
  readonly lastWords: LastWords;
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
  readonly timeoutMs?: number;
}

/** Chrome did not come up. The message says what it said last. */
export class ChromeLaunchError extends Error {
  override readonly name = 'ChromeLaunchError';
  readonly lastWords: string;
  constructor(what: string, lastWords: string, options?: ErrorOptions) {
    super(lastWords === '' ? what : `${what}. Its last words: ${lastWords}`, options);
    this.lastWords = lastWords;
  }
}

const LAUNCH_TIMEOUT_MS = 30_000;
const MAX_OUTLIVING_MS = 1_000;
const MAX_LAST_WORDS = 800;
const LISTENING = /DevTools listening on ws:\/\/[^/\s]+:(\d+)(\/devtools\/browser\/[\w-]+)/;

/** Starts Chrome in a process group of its own; resolves as soon as it listens. */
export async function launchChrome(options: LaunchOptions): Promise<Chrome> {
  const child = spawn(options.executable, options.flags, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    ...options.user,
  });
  const exited = untilExited(child, options);
  const lastWords = createLastWords();
  try {
    const endpoint = await waitUntilListening(child, lastWords, options);
    const [, , , toChrome, fromChrome] = child.stdio as [null, null, Readable, Writable, Readable];
    const pipe = createChromePipe(toChrome, fromChrome);
    return { pid: child.pid as number, endpoint, pipe, exited, lastWords };
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
        killStragglers(executable, sessionFolder);
        finish();
      }, MAX_OUTLIVING_MS);
      child.once('close', finish);
    });
  });
}

function waitUntilListening(
  child: ChildProcess,
  lastWords: LastWords,
  { signal, timeoutMs = LAUNCH_TIMEOUT_MS }: LaunchOptions,
): Promise<BrowserEndpoint> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const fail = (what: string, cause?: unknown) => {
      settle(() => reject(new ChromeLaunchError(what, lastWords.tell(MAX_LAST_WORDS), { cause })));
    };
    const onError = (error: Error & { code?: string }) =>
      fail(`Chrome could not be executed (${error.code ?? error.name})`, error);
    // 'close', not 'exit': it comes after the last of stderr has been read.
    const onClose = (code: number | null, killedBy: string | null) =>
      fail(`Chrome exited at once (${killedBy ?? `code ${code}`})`);
    const onAbort = () => fail('The launch was given up');
    const onData = (chunk: string) => {
      if (seen.length > 65_536) return;
      seen += chunk;
      const match = LISTENING.exec(seen);
      if (match === null) return;
      settle(() => resolve({ port: Number(match[1]), browserPath: match[2] as string }));
    };
    const timer = setTimeout(() => fail(`Chrome did not listen within ${timeoutMs} ms`), timeoutMs);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      child.off('close', onClose);
      child.stderr?.off('data', onData);
      finish();
    };
    child.on('error', onError);
    child.once('close', onClose);
    child.stderr?.setEncoding('utf8').on('data', lastWords.add).on('data', onData);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
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
