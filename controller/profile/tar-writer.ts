import fs from 'node:fs';
import path from 'node:path';
import { Header, Pax } from 'tar';
import type { ArchiveEntry } from './entry-filter.ts';

const BLOCK = 512;
const CHUNK_BYTES = 512 * 1024;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * The bytes of a tar archive of these entries of a profile, the same for the same entries: without owners and times. Reads
 * at once, in large pieces: nobody else needs this process while it packs, and most files are small.
 */
export function* writeTar(
  profile: string,
  entries: Iterable<ArchiveEntry>,
  onEntry: (entry: ArchiveEntry) => void,
): Generator<Buffer> {
  const chunks = new Chunks();
  for (const entry of entries) {
    yield* chunks.add(headersOf(entry));
    if (entry.size > 0) yield* addContent(chunks, path.join(profile, entry.path), entry.size);
    onEntry(entry);
  }
  yield* chunks.add(Buffer.alloc(2 * BLOCK));
  yield* chunks.rest();
}

/** With "./" before it, a name that begins with "@" is a name for every tar. */
function headersOf({ path: name, type, size }: ArchiveEntry): Buffer {
  const isFolder = type === 'Directory';
  const described = {
    path: name === '' ? './' : `./${name}${isFolder ? '/' : ''}`,
    size,
    mode: isFolder ? FOLDER_MODE : FILE_MODE,
  };
  const header = new Header(described);
  header.type = isFolder ? 'Directory' : 'File';
  const block = Buffer.alloc(BLOCK);
  if (!header.encode(block, 0)) return block;
  return Buffer.concat([new Pax({ path: described.path, size }).encode(), block]);
}

function* addContent(chunks: Chunks, file: string, size: number): Generator<Buffer> {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    for (let missing = size; missing > 0; ) {
      const read = fs.readSync(fd, chunks.free().subarray(0, missing));
      if (read === 0)
        throw Object.assign(new Error('the file became shorter'), {
          code: 'EOF',
          syscall: 'read',
          path: file,
        });
      missing -= read;
      yield* chunks.took(read);
    }
  } finally {
    fs.closeSync(fd);
  }
  const over = size % BLOCK;
  if (over > 0) yield* chunks.add(Buffer.alloc(BLOCK - over));
}

/** Collects small pieces into large ones. Each is new: who takes one may still read it while the next is filled. */
class Chunks {
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #used = 0;

  /** Where the next bytes belong; never empty. */
  free(): Buffer {
    return this.#chunk.subarray(this.#used);
  }

  *took(bytes: number): Generator<Buffer> {
    this.#used += bytes;
    if (this.#used === CHUNK_BYTES) yield* this.rest();
  }

  *add(bytes: Buffer): Generator<Buffer> {
    for (let at = 0; at < bytes.length; ) {
      const copied = bytes.copy(this.free(), 0, at);
      at += copied;
      yield* this.took(copied);
    }
  }

  *rest(): Generator<Buffer> {
    if (this.#used > 0) yield this.#chunk.subarray(0, this.#used);
    this.#chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#used = 0;
  }
}
