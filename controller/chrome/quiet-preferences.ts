import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isObject } from '../../core/domain/is-object.ts';
import type { ChromeUser } from './launch.ts';

/**
 * What no flag says. Where a page's name is not found, Chrome would ask two name services for google.com, to tell its user
 * whose fault it is: by sockets of its own, which no proxy and no rule of ours sees.
 */
const QUIET = { alternate_error_pages: { enabled: false } } as const;
const PROFILE_MODE = 0o700;

/** Into a profile that is to be opened, new or restored. */
export function quietPreferences(profileFolder: string, user: ChromeUser | undefined): void {
  const folder = path.join(profileFolder, 'Default');
  const file = path.join(folder, 'Preferences');
  if (mkdirSync(folder, { recursive: true, mode: PROFILE_MODE }) !== undefined) give(folder, user);
  const known = readPreferences(file);
  if (isObject(known.alternate_error_pages) && known.alternate_error_pages.enabled === false) return;
  writeFileSync(file, JSON.stringify({ ...known, ...QUIET }), { mode: 0o600 });
  give(file, user);
}

function give(file: string, user: ChromeUser | undefined): void {
  if (user !== undefined) chownSync(file, user.uid, user.gid);
}

/** Nothing, for a file that Chrome would not take either. */
function readPreferences(file: string): Readonly<Record<string, unknown>> {
  try {
    const preferences: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(preferences) ? preferences : {};
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
