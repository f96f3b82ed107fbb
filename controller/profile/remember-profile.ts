import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isVolatile, withoutVolatile } from './volatile.ts';
import { type ProfileEntry, walkProfile } from './walk.ts';

/** Of larger files only their state is known: one that was written to counts as changed, whatever was written. */
const MAX_DIGESTED_BYTES = 1024 * 1024;

interface RememberedFile extends ProfileEntry {
  readonly digest: string | undefined;
}

/** What the files of a profile were like when it had been restored. */
export interface RememberedProfile {
  readonly files: ReadonlyMap<string, RememberedFile>;
}

/** To be called before Chrome starts: what it then writes is a change. */
export function rememberProfile(profile: string): RememberedProfile {
  const files = new Map<string, RememberedFile>();
  for (const entry of filesOf(profile)) files.set(entry.path, { ...entry, digest: digestOf(profile, entry) });
  return { files };
}

/**
 * Whether the profile holds what it held, but for what is volatile. A file that the kernel says nobody has written to is the
 * same; any other is read. In doubt it has changed. Folders count by what is in them.
 */
export function isUnchanged(profile: string, { files }: RememberedProfile): boolean {
  let kept = 0;
  for (const entry of filesOf(profile)) {
    const before = files.get(entry.path);
    if (before === undefined || !isSame(profile, before, entry)) return false;
    kept += 1;
  }
  return kept === files.size;
}

function isSame(profile: string, before: RememberedFile, now: ProfileEntry): boolean {
  // The time of its last change is the kernel's own: no program can set it.
  if (before.ino === now.ino && before.ctimeNs === now.ctimeNs && before.size === now.size) return true;
  return before.digest !== undefined && before.digest === digestOf(profile, now);
}

function* filesOf(profile: string): Generator<ProfileEntry> {
  for (const entry of walkProfile(profile))
    if (entry.type === 'File' && !isVolatile(entry.path, entry.size)) yield entry;
}

function digestOf(profile: string, { path: name, size }: ProfileEntry): string | undefined {
  if (size > MAX_DIGESTED_BYTES) return undefined;
  const content = withoutVolatile(name, fs.readFileSync(path.join(profile, name)));
  return createHash('sha256').update(content).digest('base64');
}
