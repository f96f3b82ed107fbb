import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Checksum } from './checksum.ts';

export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  /** Hex MD5, as S3's ETag of an object put in one piece. */
  readonly md5: string;
  readonly modifiedAtMs: number;
  /** content-type and the like, and x-amz-meta-*: given back as they came. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
}

/** Content on its way in: as it was sent, what unwraps it, and what measures it. */
export interface ObjectBody {
  readonly source: Readable;
  readonly decoder: Transform;
  readonly meter: Transform;
}

export interface ObjectStore {
  /** Stores what `body` brings; `finish` runs when it is all there and describes the object, or throws to refuse it. */
  put(key: string, body: ObjectBody, finish: () => ObjectInfo): Promise<ObjectInfo>;
  find(key: string): Promise<ObjectInfo | undefined>;
  /** The object and its content, which stays whole when the object is replaced meanwhile. */
  open(key: string): Promise<{ info: ObjectInfo; content: Readable } | undefined>;
  delete(key: string): Promise<void>;
  /** In the order of S3: by the UTF-8 bytes of the key. */
  list(prefix: string): Promise<ObjectInfo[]>;
}

/** Each file begins with a block that describes the object, so that both are replaced in one step. */
const HEADER_BYTES = 16_384;

/** Objects as files. Keys come from strangers, so a file is named by the key's hash and never by the key. */
export function createObjectStore(folder: string): ObjectStore {
  const unfinished = join(folder, 'unfinished');
  // What a crash has left there.
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const objects = join(folder, 'objects');
  mkdirSync(objects, { recursive: true });
  const fileOf = (key: string): string => join(objects, createHash('sha256').update(key).digest('hex'));

  const find = (file: string): Promise<ObjectInfo | undefined> => withFile(file, readHeader);

  return {
    async put(key, { source, decoder, meter }, finish) {
      const temporary = join(unfinished, randomUUID());
      try {
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(Buffer.alloc(HEADER_BYTES));
          await pipeline(source, decoder, meter, (content: AsyncIterable<Buffer>) => file.writeFile(content));
          const info = finish();
          await file.write(toHeader(info), 0, HEADER_BYTES, 0);
          await file.close();
          await rename(temporary, fileOf(key));
          return info;
        } finally {
          await file.close();
        }
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    find: (key) => find(fileOf(key)),
    async open(key) {
      const file = await openIfThere(fileOf(key));
      if (file === undefined) return undefined;
      try {
        const info = await readHeader(file);
        // Closes the file itself, also when nobody reads to the end.
        if (info.size > 0) return { info, content: createReadStream('', { fd: file, start: HEADER_BYTES }) };
        await file.close();
        return { info, content: Readable.from([]) };
      } catch (error) {
        await file.close();
        throw error;
      }
    },
    delete: (key) => rm(fileOf(key), { force: true }),
    async list(prefix) {
      const names = await readdir(objects);
      const infos = await Promise.all(names.map((name) => find(join(objects, name))));
      return infos
        .filter((info): info is ObjectInfo => info?.key.startsWith(prefix) === true)
        .sort((left, right) => Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)));
    },
  };
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
  const file = await openIfThere(path);
  if (file === undefined) return undefined;
  try {
    return await use(file);
  } finally {
    await file.close();
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
