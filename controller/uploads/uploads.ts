import { chmod, mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UPLOAD_LIMITS, type UploadLimits } from '../../core/domain/uploads.ts';

/** Why a file is not taken. */
export type UploadFault = 'tooLarge' | 'tooMany' | 'tooManyAtOnce' | 'noRoom';

export interface UploadsOptions {
  /** The controller's own, in which Chrome can read what it can name, and write nothing: it could not plant a link there. */
  readonly folder: string;
  /** Where a file lies until it is whole. On the same disk, and nobody else's. */
  readonly unfinished: string;
  readonly limits?: Partial<UploadLimits>;
  /** What is left on the disk. */
  readonly freeBytes?: () => Promise<number>;
}

/** Where a file lies. */
export interface UploadSlot {
  /** Safe as the name of a file (core/domain/file-name.ts). */
  readonly name: string;
  /** Of a file that is to be in no other's way, whatever it is called: an id, for a folder of its own. */
  readonly folder?: string;
}

export interface Upload extends UploadSlot {
  readonly bytes: number;
}

// Chrome's user has to read it, and may not change it.
const FILE_MODE = 0o644;
const FOLDER_MODE = 0o711;

/** Below the folder of all. No name of a file begins with a dot. */
const pathIn = ({ name, folder }: UploadSlot): string => (folder === undefined ? name : `.${folder}/${name}`);

/** The files that were uploaded to a session: each whole or not at all, and no more than its disk holds. */
export class Uploads {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #limits: UploadLimits;
  readonly #freeBytes: () => Promise<number>;
  readonly #stored = new Map<string, number>();
  readonly #pending = new Set<Upload>();
  readonly #stop = new AbortController();

  constructor({ folder, unfinished, limits, freeBytes = () => freeBytesOf(unfinished) }: UploadsOptions) {
    this.#folder = folder;
    this.#unfinished = unfinished;
    this.#limits = { ...UPLOAD_LIMITS, ...limits };
    this.#freeBytes = freeBytes;
  }

  /** Where a file lies that is whole; undefined: there is none. */
  pathOf(slot: UploadSlot): string | undefined {
    const within = pathIn(slot);
    return this.#stored.has(within) ? path.join(this.#folder, within) : undefined;
  }

  /** Nobody wants a file any more that has a folder of its own. */
  async discard({ name, folder }: Required<UploadSlot>): Promise<void> {
    const within = pathIn({ name, folder });
    if (!this.#stored.has(within)) return;
    await rm(path.join(this.#folder, path.dirname(within)), { recursive: true, force: true });
    this.#stored.delete(within);
  }

  /**
   * Takes a file of so many bytes, and no other. Resolves when it is whole, with null, or why it is not taken; what was not
   * taken was not read. `onStart`: it is about to be.
   */
  async take(upload: Upload, content: Readable, onStart = () => {}): Promise<UploadFault | null> {
    const fault = this.#faultOf(upload);
    if (fault !== null) return fault;
    this.#pending.add(upload);
    try {
      // With those on their way: what they have not written yet is not missing from the disk.
      const freeBytes = (await this.#freeBytes()) - sum(this.#pending);
      if (freeBytes < this.#limits.minFreeBytes) return 'noRoom';
      onStart();
      await this.#store(upload, content);
      this.#stored.set(pathIn(upload), upload.bytes);
      return null;
    } finally {
      this.#pending.delete(upload);
    }
  }

  /** The session ends: what is on its way is given up. */
  stop(): void {
    this.#stop.abort();
  }

  #faultOf(upload: Upload): UploadFault | null {
    const { bytes } = upload;
    const { maxFileBytes, maxBytes, maxFiles, maxAtOnce } = this.#limits;
    if (bytes > maxFileBytes) return 'tooLarge';
    if (this.#pending.size >= maxAtOnce) return 'tooManyAtOnce';
    const places = new Set([...this.#stored.keys(), ...[...this.#pending].map(pathIn), pathIn(upload)]);
    if (places.size > maxFiles) return 'tooMany';
    const replaced = this.#stored.get(pathIn(upload)) ?? 0;
    const stored = [...this.#stored.values()].reduce((total, each) => total + each, 0);
    return stored + sum(this.#pending) + bytes - replaced > maxBytes ? 'tooMany' : null;
  }

  async #store(upload: Upload, content: Readable): Promise<void> {
    const { bytes, folder } = upload;
    const place = path.join(this.#folder, pathIn(upload));
    const unfinished = path.join(this.#unfinished, `upload-${crypto.randomUUID()}`);
    const { signal } = this.#stop;
    try {
      const file = await open(unfinished, 'wx', FILE_MODE);
      const sink = file.createWriteStream();
      await pipeline(content, sink, { signal });
      if (sink.bytesWritten !== bytes) throw new Error(`${sink.bytesWritten} bytes came of ${bytes}`);
      // Not by open's mode, which the umask narrows.
      await chmod(unfinished, FILE_MODE);
      signal.throwIfAborted();
      if (folder !== undefined) await makeFolder(path.dirname(place));
      await rename(unfinished, place);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder);
  await chmod(folder, FOLDER_MODE);
}

const sum = (uploads: Iterable<Upload>): number =>
  [...uploads].reduce((total, { bytes }) => total + bytes, 0);

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
