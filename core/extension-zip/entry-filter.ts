import { pathFault } from '../domain/archive-path.ts';
import type { ExtensionLimits } from '../domain/extension-limits.ts';

/** What a zip claims of one of its entries. */
export interface ZipEntry {
  readonly path: string;
  readonly size: number;
  /** Of a Unix file, type included; 0 where the zip was made elsewhere. */
  readonly mode: number;
  readonly isEncrypted: boolean;
  readonly compressionMethod: number;
}

export type EntryVerdict =
  | { readonly fault: string }
  | { readonly path: string; readonly kind: 'file' | 'folder' | 'left out' };

const FILE_TYPE = 0o170_000;
const PLAIN_TYPES: readonly number[] = [0, 0o100_000, 0o040_000];
const FOLDER_TYPE = 0o040_000;
const [STORED, DEFLATED] = [0, 8];
// What macOS and Chrome's Web Store add to every archive; Chrome loads no extension with the folders in it.
const LEFT_OUT_FOLDERS: readonly string[] = ['__MACOSX', '_metadata'];
const LEFT_OUT_FILES: readonly string[] = ['.DS_Store', 'Thumbs.db'];
// Chrome keeps all other names that begin so for itself.
const SYSTEM_FOLDERS: readonly string[] = ['_locales', '_platform_specific'];

/** Judges the entries of one zip in their order, each before anything is done with it: names, types and sizes are claims. */
export class EntryFilter {
  readonly #limits: ExtensionLimits;
  /** By their names in lower case: what two systems take for one or for two files is neither. */
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  #entries = 0;
  #bytes = 0;

  constructor(limits: ExtensionLimits) {
    this.#limits = limits;
  }

  judge(entry: ZipEntry): EntryVerdict {
    this.#entries += 1;
    this.#bytes += entry.size;
    const fault = this.#totalFault() ?? typeFault(entry);
    if (fault !== null) return { fault };
    const isFolder = entry.path.endsWith('/');
    const path = isFolder ? entry.path.slice(0, -1) : entry.path;
    const nameFault = path === '' ? 'it has no name' : (pathFault(path, this.#limits) ?? textFault(path));
    if (nameFault !== null) return { fault: nameFault };
    if (isLeftOut(path)) return { path, kind: 'left out' };
    const taken = systemFault(path) ?? this.#take(path, isFolder);
    if (taken !== null) return { fault: taken };
    return { path, kind: isFolder ? 'folder' : 'file' };
  }

  #totalFault(): string | null {
    const { maxEntries, maxTotalBytes } = this.#limits;
    if (this.#entries > maxEntries) return `the zip has more than ${maxEntries} entries`;
    // NaN is no size either.
    if (!(this.#bytes <= maxTotalBytes)) return `the zip unpacks to more than ${maxTotalBytes} bytes`;
    return null;
  }

  #take(path: string, isFolder: boolean): string | null {
    const name = path.toLowerCase();
    if (this.#files.has(name) || (!isFolder && this.#folders.has(name))) return 'its name is there twice';
    (isFolder ? this.#folders : this.#files).add(name);
    for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
      const folder = name.slice(0, end);
      if (this.#files.has(folder)) return 'a folder above it is a file';
      this.#folders.add(folder);
    }
    return null;
  }
}

function typeFault({ path, mode, size, isEncrypted, compressionMethod }: ZipEntry): string | null {
  const type = mode & FILE_TYPE;
  if (!PLAIN_TYPES.includes(type)) return 'it is a link or a device, and no file';
  if (type === FOLDER_TYPE && !path.endsWith('/')) return 'it is a folder, and its name does not end with /';
  if (isEncrypted) return 'it is encrypted';
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    return 'it is compressed in another way than deflate';
  return path.endsWith('/') && size > 0 ? 'it is a folder with content' : null;
}

// U+FFFD is what is left of bytes that are no UTF-8.
const textFault = (path: string): string | null =>
  path.includes('\ufffd') ? 'its name is not well-formed text' : null;

const isLeftOut = (path: string): boolean =>
  LEFT_OUT_FOLDERS.includes(path.split('/')[0] ?? '') ||
  LEFT_OUT_FILES.includes(path.slice(path.lastIndexOf('/') + 1));

function systemFault(path: string): string | null {
  const top = path.split('/')[0] ?? '';
  return top.startsWith('_') && !SYSTEM_FOLDERS.includes(top)
    ? 'names that begin with _ are reserved for Chrome'
    : null;
}
