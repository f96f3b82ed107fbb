/** Whether an executable is a Chrome at all, and how old: better known at the start than with the first session. */
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { sendSignal } from '../processes/process-table.ts';

/** The executable is something else than a Chrome, or a Chrome that cannot run here. */
export class NotChrome extends Error {
  override readonly name = 'NotChrome';
}

const TIMEOUT_MS = 20_000;
const MAX_CHARACTERS = 1_000;

/**
 * Answers what `path --version` says; rejects with one sentence when that is not the name of a Chrome. `uid` is who runs it
 * in a session: root may run what lies in its own home, and another user not.
 */
export async function readChromeVersion(
  path: string,
  { timeoutMs = TIMEOUT_MS, uid }: { timeoutMs?: number; uid?: number | undefined } = {},
): Promise<string> {
  const refuse = (why: string) =>
    new NotChrome(`${path} is no Chrome that runs here (${why}): set CHROME_PATH to a Chrome or Chromium.`);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // A group of its own, so that the end of a script is the end of what it started as well.
  const child = spawn(path, ['--version'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    cwd: '/',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const timer = setTimeout(() => {
    reject(refuse(`it did not answer --version in ${timeoutMs / 1000} s`));
    if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
  }, timeoutMs);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(0, MAX_CHARACTERS);
  });
  child.once('error', (error: NodeJS.ErrnoException) => reject(refuse(describeRefusal(error, uid))));
  child.once('close', (code, signal) => {
    const version = said.trim().split('\n').at(-1) ?? '';
    if (code !== 0) reject(refuse(`--version ended with ${signal ?? `code ${code}`}`));
    else if (!/\bChrom(e|ium)\b/.test(version)) reject(refuse('it does not say so when asked --version'));
    else resolve(version.trim());
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

const describeRefusal = ({ code, message }: NodeJS.ErrnoException, uid: number | undefined): string =>
  code === 'EACCES' && uid !== undefined
    ? 'each session has a user of its own for it, who may not enter its folder'
    : `it cannot be run: ${code ?? message}`;

const DAY_MS = 86_400_000;
const MAX_AGE_DAYS = 90;
// There was no Chrome before. Archives that are made to be reproducible date their files 1970 or 1980.
const FIRST_CHROME_MS = Date.UTC(2008, 8, 2);

/**
 * When the executable was built, or undefined when its file does not say. A browser tells its version, not its date; its
 * file has it: packages keep the time of the build, which in Debian is that of the changelog's last entry. Whatever
 * copies a file anew makes it look younger, never older: a warning may be missing, but is never wrong.
 */
export function readBuildDate(path: string): Date | undefined {
  const { mtime } = statSync(path);
  return mtime.getTime() < FIRST_CHROME_MS ? undefined : mtime;
}

/** A sentence about a Chrome that is too old for the open web; undefined when it is not. */
export function describeOldChrome(builtAt: Date | undefined, now: Date): string | undefined {
  if (builtAt === undefined) return undefined;
  const days = Math.floor((now.getTime() - builtAt.getTime()) / DAY_MS);
  if (days <= MAX_AGE_DAYS) return undefined;
  return `this browser was built ${days} days ago and lacks what was mended since: update it, or set CHROME_PATH to a newer one`;
}
