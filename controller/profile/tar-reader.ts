import * as tar from 'tar';
import type { ChromeUser } from '../chrome/launch.ts';
import { refusedEntry } from './archive-refused.ts';
import {
  type ArchiveLimits,
  type ArchiveTotals,
  judgeEntry,
  NOTHING_YET,
  SPARSE_FAULT,
  typeFault,
} from './entry-filter.ts';
import { isLeftOut } from './left-out.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
// Records with which GNU tar, bsdtar and star mark a file whose content is a map and what lies between its holes, or
// a part of a file. node-tar does not know them, and would write the map into the file.
const PARTIAL_CONTENT =
  /(?:^|\n)\d+ (?:GNU\.sparse\.|GNU\.volume\.offset=|SCHILY\.realsize=|SUN\.holesdata=)/;
/** The file's own name; the entry has that of a folder that GNU tar made up. */
const SPARSE_NAME = /\n?\d+ GNU\.sparse\.name=(.*)/;

/** Unpacks the bytes of a tar archive as they come. Whatever fails is thrown from `write` and `end`. */
export interface TarReader {
  write(bytes: Buffer): void;
  end(): void;
  /** Whether the mark of the archive's end has been read. */
  readonly hasEnded: boolean;
  /** What has been taken, what is left out included. */
  readonly totals: ArchiveTotals;
}

export interface TarReaderOptions {
  readonly folder: string;
  readonly user?: ChromeUser | undefined;
  readonly limits: ArchiveLimits;
}

export function openTarReader({ folder, user, limits }: TarReaderOptions): TarReader {
  let failure: Error | undefined;
  let hasEnded = false;
  let totals = NOTHING_YET;
  /** The name of the file that a header said to be partial, or '' where it gave none. */
  let partialName: string | undefined;

  // Synchronous, so that after a refusal nothing is still being written; nobody else needs this process yet.
  const unpack = new tar.UnpackSync({
    cwd: folder,
    strict: true,
    preservePaths: false,
    zstd: false,
    maxDepth: limits.maxDepth + 2,
    maxMetaEntrySize: limits.maxHeaderBytes,
    // Chosen here, not by the archive: who owns a file, what its mode is and when it was made.
    ...(user === undefined ? { preserveOwner: false } : { uid: user.uid, gid: user.gid }),
    umask: 0o077,
    noMtime: true,
    filter(path, entry) {
      if (failure !== undefined || !('type' in entry)) return false;
      // What remains to be read is the size: an archive can name another one in a header for all files.
      if (partialName !== undefined) {
        const name = partialName || path;
        partialName = undefined;
        passOver(name, entry.remain, SPARSE_FAULT);
        return false;
      }
      const verdict = judgeEntry({ path, type: entry.type, size: entry.remain }, totals, limits);
      if ('fault' in verdict) {
        refuse(path, verdict.fault);
        return false;
      }
      totals = verdict.totals;
      if (verdict.path === '' || isLeftOut(verdict.path)) return false;
      entry.mode = verdict.isFolder ? FOLDER_MODE : FILE_MODE;
      return true;
    },
  });
  const refuse = (path: string, fault: string) => unpack.abort(refusedEntry(path, fault));
  /** What cannot be unpacked is a fault, unless nobody wants it. */
  const passOver = (path: string, size: number, fault: string) => {
    const verdict = judgeEntry({ path, type: 'File', size }, totals, limits);
    if ('fault' in verdict || !isLeftOut(verdict.path)) refuse(path, fault);
    else totals = verdict.totals;
  };

  unpack.on('error', (error: Error) => {
    failure ??= error;
  });
  unpack.on('eof', () => {
    hasEnded = true;
  });
  unpack.on('meta', (records: string) => {
    if (PARTIAL_CONTENT.test(records)) partialName ??= SPARSE_NAME.exec(records)?.[1] ?? '';
  });
  // What node-tar passes over, and so does not show to the filter: types that it does not unpack, and large headers.
  // PAX headers and the long names of GNU tar (L, N) come with neither: they are no entries but say more about one.
  unpack.on('ignoredEntry', (entry: tar.ReadEntry) => {
    if (failure !== undefined) return;
    if (entry.meta) return refuse(entry.path, `it has a header of ${entry.size} bytes`);
    const fault = typeFault(entry.type);
    if (fault !== null) passOver(entry.path, entry.size, fault);
  });

  const step = (work: () => void) => {
    work();
    if (failure !== undefined) throw failure;
  };
  return {
    write: (bytes) => step(() => unpack.write(bytes)),
    end: () => step(() => unpack.end()),
    get hasEnded() {
      return hasEnded;
    },
    get totals() {
      return totals;
    },
  };
}
