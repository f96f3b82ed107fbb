import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createCompressor } from './compression.ts';
import { type ArchiveEntry, judgeEntry, NOTHING_YET } from './entry-filter.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import type { SaveProgress } from './save-progress.ts';
import { writeTar } from './tar-writer.ts';
import { walkProfile } from './walk.ts';

/** The profile would make an archive that no session could restore. */
export class ProfileTooLargeError extends Error {
  override readonly name = 'ProfileTooLargeError';
}

/** A file of the profile, or the archive's own, failed. The message is for clients and has no path of this disk. */
export class ProfileNotReadError extends Error {
  override readonly name = 'ProfileNotReadError';
}

const ROOT: ArchiveEntry = { path: '', type: 'Directory', size: 0 };

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
  const { entries, bytes } = listKept(profile, limits, signal);
  progress?.begin('packed', bytes);
  const packed = writeTar(profile, entries, ({ size }) => progress?.add(size));
  // An abort leaves the rest of the profile unread: each piece is read when the one before it was taken.
  await pipeline(
    Readable.from(packed, { highWaterMark: 1 }),
    createCompressor(),
    createWriteStream(archive, { mode: 0o600 }),
    { signal },
  );
  return (await stat(archive)).size;
}

/** What to pack. The profile itself where there is nothing: an archive without any entry is none. */
function listKept(profile: string, limits: ArchiveLimits, signal: AbortSignal | undefined) {
  const entries: ArchiveEntry[] = [];
  let totals = NOTHING_YET;
  for (const entry of walkProfile(profile, limits)) {
    signal?.throwIfAborted();
    const verdict = judgeEntry(entry, totals, limits);
    if ('fault' in verdict) throw new ProfileTooLargeError(`The profile cannot be saved: ${verdict.fault}`);
    totals = verdict.totals;
    entries.push(entry);
  }
  return { entries: entries.length === 0 ? [ROOT] : entries, bytes: totals.bytes };
}
