import { pathFault } from '../../core/domain/archive-path.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';

export interface ArchiveEntry {
  readonly path: string;
  readonly type: string;
  readonly size: number;
}

/** What has been taken from the archive so far. */
export interface ArchiveTotals {
  readonly entries: number;
  readonly bytes: number;
}

export const NOTHING_YET: ArchiveTotals = Object.freeze({ entries: 0, bytes: 0 });

export type EntryVerdict =
  | { readonly fault: string }
  | { readonly path: string; readonly isFolder: boolean; readonly totals: ArchiveTotals };

const FILE_TYPES: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];
const FOLDER_TYPES: readonly string[] = ['Directory', 'GNUDumpDir'];

/** Without its holes a file is another one, and no reader of tar here can put them back. */
export const SPARSE_FAULT =
  'it is of type SparseFile: pack it without --sparse (GNU tar) or with --no-read-sparse (macOS)';

/**
 * The entry's clean relative path and the new totals, or the one thing that is wrong with it: decided before anything
 * touches the disk. An archive is input from strangers: its names, types and sizes are claims.
 */
export function judgeEntry(
  entry: ArchiveEntry,
  before: ArchiveTotals,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): EntryVerdict {
  const isFolder = FOLDER_TYPES.includes(entry.type);
  const path = cleanPath(entry.path);
  const fault = typeFault(entry.type) ?? pathFault(path, limits) ?? sizeFault(entry, limits);
  if (path === '' && !isFolder) return { fault: 'a file has the name of the profile itself' };
  if (fault !== null) return { fault };
  const totals = { entries: before.entries + 1, bytes: before.bytes + entry.size };
  if (totals.entries > limits.maxEntries)
    return { fault: `the archive has more than ${limits.maxEntries} entries` };
  if (totals.bytes > limits.maxTotalBytes) {
    return { fault: `the archive unpacks to more than ${limits.maxTotalBytes} bytes` };
  }
  return { path, isFolder, totals };
}

/** What is wrong with an entry of this type, or null. */
export function typeFault(type: string): string | null {
  if (FILE_TYPES.includes(type) || FOLDER_TYPES.includes(type)) return null;
  return type === 'SparseFile' ? SPARSE_FAULT : `it is of type ${type.slice(0, 40)}`;
}

/** Archives in the wild start every path with "./", and end a folder's with "/". The archive's own root is "". */
const cleanPath = (path: string): string => path.replace(/^(?:\.\/+)+|^\.$/, '').replace(/\/+$/, '');

function sizeFault({ size }: ArchiveEntry, limits: ArchiveLimits): string | null {
  if (!Number.isSafeInteger(size) || size < 0) return 'its size is not a number of bytes';
  return size > limits.maxEntryBytes ? `it is larger than ${limits.maxEntryBytes} bytes` : null;
}
