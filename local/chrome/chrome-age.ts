/** How old a Chrome is: one that gets no updates is driven to pages all the same. */
import { statSync } from 'node:fs';

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
