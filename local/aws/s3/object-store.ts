import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  /** Hex MD5, as S3's ETag of an object put in one piece. */
  readonly md5: string;
  readonly modifiedAtMs: number;
}

export interface OpenObject {
  readonly info: ObjectInfo;
  /** From one byte to another, both included. */
  read(start: number, end: number): Readable;
  close(): Promise<void>;
}

export interface ObjectStore {
  /** Stores `content`; `finish` runs when it is all there and describes the object, or throws to refuse it. */
  put(key: string, content: AsyncIterable<Buffer>, finish: () => ObjectInfo): Promise<ObjectInfo>;
  /** The object, whose content stays whole when it is replaced meanwhile: it is read once, or closed. */
  open(key: string): Promise<OpenObject | undefined>;
  delete(key: string): Promise<void>;
  /** All objects whose keys begin so, in the order of their keys. */
  list(prefix: string): Promise<readonly ObjectInfo[]>;
}

/** Each file begins with a block that describes the object, so that both are replaced in one step. */
const HEADER_BYTES = 16_384;

/**
 * Objects as files in the folder `objects`, begun in the folder `unfinished` of the same disk. Keys come from strangers,
 * so a file is named by the key's hash and never by the key.
 */
export function createObjectStore(objects: string, unfinished: string): ObjectStore {
  mkdirSync(objects, { recursive: true });
  const fileOf = (key: string): string => join(objects, createHash('sha256').update(key).digest('hex'));
  // Read when somebody lists for the first time: most buckets nobody lists.
  let index: Promise<Map<string, ObjectInfo>> | undefined;

  return {
    async put(key, content, finish) {
      const temporary = join(unfinished, randomUUID());
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(Buffer.alloc(HEADER_BYTES));
        await file.writeFile(content);
        const info = finish();
        await file.write(toHeader(info), 0, HEADER_BYTES, 0);
        await rename(temporary, fileOf(key));
        (await index)?.set(key, info);
        return info;
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      } finally {
        await file.close();
      }
    },
    async open(key) {
      const file = await openIfThere(fileOf(key));
      if (file === undefined) return undefined;
      try {
        const info = await readHeader(file);
        return {
          info,
          // Closes the file itself, also when nobody reads to the end.
          read: (start, end) =>
            createReadStream('', { fd: file, start: HEADER_BYTES + start, end: HEADER_BYTES + end }),
          close: () => file.close(),
        };
      } catch (error) {
        await file.close();
        throw error;
      }
    },
    async delete(key) {
      await rm(fileOf(key), { force: true });
      (await index)?.delete(key);
    },
    async list(prefix) {
      index ??= readIndex(objects);
      const infos = [...(await index).values()].filter(({ key }) => key.startsWith(prefix));
      return infos.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
}

async function readIndex(objects: string): Promise<Map<string, ObjectInfo>> {
  const index = new Map<string, ObjectInfo>();
  for (const name of await readdir(objects)) {
    const file = await openIfThere(join(objects, name));
    if (file === undefined) continue;
    try {
      const info = await readHeader(file);
      index.set(info.key, info);
    } finally {
      await file.close();
    }
  }
  return index;
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readHeader(file: FileHandle): Promise<ObjectInfo> {
  const { buffer } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  return JSON.parse(buffer.toString('utf8')) as ObjectInfo;
}

function toHeader(info: ObjectInfo): Buffer {
  const json = Buffer.from(JSON.stringify(info));
  if (json.length > HEADER_BYTES) throw new Error('The description of the object does not fit');
  return Buffer.concat([json, Buffer.alloc(HEADER_BYTES - json.length, ' ')]);
}
