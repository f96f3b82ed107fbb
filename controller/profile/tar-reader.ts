import * as tar from 'tar';
import type { ChromeUser } from '../chrome/launch.ts';
import { refusedEntry } from './archive-refused.ts';
import { type ArchiveTotals, judgeEntry, NOTHING_YET, SPARSE_FAULT, typeFault } from './entry-filter.ts';
import { FileWriter } from './file-writer.ts';
import { isLeftOut } from './left-out.ts';
import type { ArchiveLimits } from './limits.ts';

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
  /** Lets go of a file that is half written. */
  close(): void;
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

export const openTarReader = (options: TarReaderOptions): TarReader => new StrictTarReader(options);

class StrictTarReader implements TarReader {
  readonly #limits: ArchiveLimits;
  readonly #parser: tar.Parser;
  readonly #files: FileWriter;
  readonly #taken = new WeakMap<tar.ReadEntry, { readonly path: string; readonly isFolder: boolean }>();
  #failure: Error | undefined;
  #hasEnded = false;
  #totals = NOTHING_YET;
  /** The name of the file that a header said to be partial, or '' where it gave none. */
  #partialName: string | undefined;

  constructor({ folder, user, limits }: TarReaderOptions) {
    this.#limits = limits;
    // Synchronous, so that after a refusal nothing is still being written; nobody else needs this process yet.
    this.#files = new FileWriter({ folder, user });
    this.#parser = new tar.Parser({
      strict: true,
      zstd: false,
      maxMetaEntrySize: limits.maxHeaderBytes,
      filter: (path, entry) => 'type' in entry && this.#take(path, entry as tar.ReadEntry),
      onReadEntry: (entry) => this.#write(entry),
    });
    this.#listen();
  }

  write(bytes: Buffer): void {
    this.#parser.write(bytes);
    this.#throwFailure();
  }

  end(): void {
    this.#parser.end();
    this.#throwFailure();
  }

  close(): void {
    this.#files.close();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get totals(): ArchiveTotals {
    return this.#totals;
  }

  #listen(): void {
    this.#parser.on('error', (error: Error) => {
      this.#failure ??= error;
    });
    this.#parser.on('eof', () => {
      this.#hasEnded = true;
    });
    this.#parser.on('meta', (records: string) => {
      if (PARTIAL_CONTENT.test(records)) this.#partialName ??= SPARSE_NAME.exec(records)?.[1] ?? '';
    });
    this.#parser.on('ignoredEntry', (entry: tar.ReadEntry) => this.#judgeIgnored(entry));
  }

  /** Whether this entry is unpacked. */
  #take(path: string, entry: tar.ReadEntry): boolean {
    if (this.#failure !== undefined) return false;
    if (this.#partialName !== undefined) {
      this.#passOver(this.#partialName || path, entry.remain, SPARSE_FAULT);
      this.#partialName = undefined;
      return false;
    }
    // What remains to be read is the size: an archive can name another one in a header for all files.
    const verdict = judgeEntry({ path, type: entry.type, size: entry.remain }, this.#totals, this.#limits);
    if ('fault' in verdict) {
      this.#refuse(path, verdict.fault);
      return false;
    }
    this.#totals = verdict.totals;
    if (verdict.path === '' || isLeftOut(verdict.path)) return false;
    this.#taken.set(entry, verdict);
    return true;
  }

  #write(entry: tar.ReadEntry): void {
    const taken = this.#taken.get(entry);
    if (taken === undefined) throw new Error('an entry was not judged');
    this.#attempt(entry, () => {
      if (taken.isFolder) this.#files.makeFolder(taken.path);
      else this.#files.open(taken.path);
    });
    entry.on('data', (bytes: Buffer) => this.#attempt(entry, () => this.#files.write(bytes)));
    entry.on('end', () => this.#attempt(entry, () => this.#files.close()));
  }

  /** A fault of the file system ends it all, and says which entry it was at. */
  #attempt(entry: tar.ReadEntry, work: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      work();
    } catch (error) {
      this.#parser.abort(Object.assign(error as Error, { entry: { path: entry.path } }));
    }
  }

  /**
   * What node-tar passes over, and so does not show to the filter: types that it does not unpack, and large headers. PAX
   * headers and the long names of GNU tar (L, N) come with neither: they are no entries but say more about one.
   */
  #judgeIgnored(entry: tar.ReadEntry): void {
    if (this.#failure !== undefined) return;
    const fault = typeFault(entry.type);
    if (entry.meta) this.#refuse(entry.path, `it has a header of ${entry.size} bytes`);
    else if (fault !== null) this.#passOver(entry.path, entry.size, fault);
  }

  /** What cannot be unpacked is a fault, unless nobody wants it. */
  #passOver(path: string, size: number, fault: string): void {
    const verdict = judgeEntry({ path, type: 'File', size }, this.#totals, this.#limits);
    if ('fault' in verdict || !isLeftOut(verdict.path)) this.#refuse(path, fault);
    else this.#totals = verdict.totals;
  }

  #refuse(path: string, fault: string): void {
    this.#parser.abort(refusedEntry(path, fault));
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
