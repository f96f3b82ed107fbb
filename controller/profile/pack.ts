import { createWriteStream } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as tar from 'tar';
import { type ArchiveEntry, judgeEntry, NOTHING_YET, pathFault } from './entry-filter.ts';
import { isLeftOut } from './left-out.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import type { SaveProgress } from './save-progress.ts';

/** The profile would make an archive that no session could restore. */
export class ProfileTooLargeError extends Error {
  override readonly name = 'ProfileTooLargeError';
}

/** A file of the profile, or the archive's own, failed. The message is for clients and has no path of this disk. */
export class ProfileNotReadError extends Error {
  override readonly name = 'ProfileNotReadError';
}

// Most of a profile is small databases: a higher level costs seconds of a small container's CPU for a few percent.
const GZIP_LEVEL = 5;

export interface PackOptions {
  readonly limits?: ArchiveLimits;
  readonly progress?: Pick<SaveProgress, 'begin' | 'add'> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Packs what is worth keeping of the profile into the file `archive`; resolves with its size. */
export async function packProfile(
  profile: string,
  archive: string,
  options: PackOptions = {},
): Promise<number> {
  try {
    return await writeArchive(profile, archive, options);
  } catch (error) {
    throw withoutPath(profile, error as NodeJS.ErrnoException);
  }
}

function withoutPath(profile: string, error: NodeJS.ErrnoException): Error {
  if (error.syscall === undefined) return error;
  const inside = error.path?.startsWith(`${profile}/`)
    ? `${JSON.stringify(path.relative(profile, error.path))}: `
    : '';
  return new ProfileNotReadError(`The profile cannot be packed (${inside}${error.code})`, { cause: error });
}

async function writeArchive(
  profile: string,
  archive: string,
  { limits = ARCHIVE_LIMITS, progress, signal }: PackOptions,
): Promise<number> {
  const { paths, bytes } = await listKept(profile, limits, signal);
  progress?.begin('packed', bytes);
  const packed = tar.create(
    {
      cwd: profile,
      gzip: { level: GZIP_LEVEL },
      portable: true,
      noDirRecurse: true,
      onWriteEntry: (entry) => entry.once('end', () => progress?.add(entry.stat?.size ?? 0)),
    },
    // The profile itself: an archive without any entry is none.
    paths.length === 0 ? ['.'] : paths,
  );
  // Read by its iterator: an abort then leaves the rest of the profile unread.
  await pipeline(Readable.from(packed), createWriteStream(archive, { mode: 0o600 }), { signal });
  return (await stat(archive)).size;
}

/** The paths to pack, folders before what is in them, always in the same order. */
async function listKept(profile: string, limits: ArchiveLimits, signal: AbortSignal | undefined) {
  const paths: string[] = [];
  let totals = NOTHING_YET;
  for await (const entry of walk(profile, '', limits)) {
    signal?.throwIfAborted();
    const verdict = judgeEntry(entry, totals, limits);
    if ('fault' in verdict) throw new ProfileTooLargeError(`The profile cannot be saved: ${verdict.fault}`);
    totals = verdict.totals;
    // With "./" before it, a name that begins with "@" is a name, and not an archive to copy from.
    paths.push(`./${entry.path}`);
  }
  return { paths, bytes: totals.bytes };
}

/**
 * The files and folders worth keeping. Chrome keeps its data in nothing else; a link could lead to a file that is the
 * controller's, and is not followed.
 */
async function* walk(profile: string, parent: string, limits: ArchiveLimits): AsyncGenerator<ArchiveEntry> {
  const names = (await readdir(path.join(profile, parent))).sort();
  for (const name of names) {
    const child = parent === '' ? name : `${parent}/${name}`;
    if (isLeftOut(child) || pathFault(child, limits) !== null) continue;
    const found = await lstat(path.join(profile, child));
    if (found.isFile()) yield { path: child, type: 'File', size: found.size };
    if (!found.isDirectory()) continue;
    yield { path: child, type: 'Directory', size: 0 };
    yield* walk(profile, child, limits);
  }
}
