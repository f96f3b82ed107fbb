import fs from 'node:fs';
import path from 'node:path';
import { pathFault } from '../../core/domain/archive-path.ts';
import type { ArchiveEntry } from './entry-filter.ts';
import { isLeftOut } from './left-out.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';

/** A file or folder of the profile, and for a file what changes with every write to it. */
export interface ProfileEntry extends ArchiveEntry {
  readonly ino: bigint;
  readonly ctimeNs: bigint;
}

/**
 * The files and folders worth keeping, folders before what is in them, always in the same order. Chrome keeps its data in
 * nothing else; a link could lead to a file that is the controller's, and is not followed.
 */
export function* walkProfile(
  profile: string,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
  parent = '',
): Generator<ProfileEntry> {
  const names = fs.readdirSync(path.join(profile, parent)).sort();
  for (const name of names) {
    const child = parent === '' ? name : `${parent}/${name}`;
    if (isLeftOut(child) || pathFault(child, limits) !== null) continue;
    const found = fs.lstatSync(path.join(profile, child), { bigint: true });
    const { ino, ctimeNs } = found;
    if (found.isFile()) yield { path: child, type: 'File', size: Number(found.size), ino, ctimeNs };
    if (!found.isDirectory()) continue;
    yield { path: child, type: 'Directory', size: 0, ino, ctimeNs };
    yield* walkProfile(profile, limits, child);
  }
}
