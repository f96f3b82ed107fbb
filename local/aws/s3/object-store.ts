import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { newVersionId, type OldVersions, versionIdOf } from './old-versions.ts';

export interface ObjectInfo {
  readonly key: string;
  readonly size: number;
  /** Hex MD5, as S3's ETag of an object put in one piece. */
  readonly md5: string;
  readonly modifiedAtMs: number;
  /** Where its bucket has versions. */
  readonly versionId?: string;
  /** What who put it says about it, by the name of its header. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface OpenObject {
  readonly info: ObjectInfo;
  /** From one byte to another, both included. */
  read(start: number, end: number): Readable;
  close(): Promise<void>;
}

export interface ObjectStore {
  /**
   * Stores `content`; `finish` runs when it is all there and describes the object, or throws to refuse it. It is told what
   * is there now, and nothing else is put or deleted until that is replaced.
   */
  put(
    key: string,
    content: AsyncIterable<Buffer>,
    finish: (current: ObjectInfo | undefined) => ObjectInfo,
  ): Promise<ObjectInfo>;
  /** The object, or a version of it, whose content stays whole when it is replaced meanwhile: it is read once, or closed. */
  open(key: string, versionId?: string): Promise<OpenObject | undefined>;
  delete(key: string): Promise<void>;
  /** What there is of an object, the newest first: the current one and those that it has replaced. */
  versions(key: string): Promise<readonly ObjectInfo[]>;
  /** Of the current one the version before it is the object then. */
  deleteVersion(key: string, versionId: string): Promise<void>;
  /** All objects whose keys begin so, in the order of their keys. */
  list(prefix: string): Promise<readonly ObjectInfo[]>;
}

/** Each file begins with a block that describes the object, so that both are replaced in one step. */
const HEADER_BYTES = 16_384;

/**
 * Objects as files in the folder `objects`, begun in the folder `unfinished` of the same disk. Keys come from strangers,
 * so a file is named by the key's hash and never by the key.
 */
export const createObjectStore = (
  objects: string,
  unfinished: string,
  oldVersions?: OldVersions,
): ObjectStore => new DiskStore(objects, unfinished, oldVersions);

class DiskStore implements ObjectStore {
  readonly #objects: string;
  readonly #unfinished: string;
  readonly #oldVersions: OldVersions | undefined;
  readonly #inTurn = createTurns();
  // Read when somebody lists for the first time: most buckets nobody lists.
  #index: Promise<Map<string, ObjectInfo>> | undefined;

  constructor(objects: string, unfinished: string, oldVersions: OldVersions | undefined) {
    mkdirSync(objects, { recursive: true });
    this.#objects = objects;
    this.#unfinished = unfinished;
    this.#oldVersions = oldVersions;
  }

  async put(
    key: string,
    content: AsyncIterable<Buffer>,
    finish: (current: ObjectInfo | undefined) => ObjectInfo,
  ): Promise<ObjectInfo> {
    const temporary = join(this.#unfinished, randomUUID());
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(Buffer.alloc(HEADER_BYTES));
      await file.writeFile(content);
      return await this.#inTurn(() => this.#replace(key, { temporary, file }, finish));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }

  async #replace(
    key: string,
    { temporary, file }: { readonly temporary: string; readonly file: FileHandle },
    finish: (current: ObjectInfo | undefined) => ObjectInfo,
  ): Promise<ObjectInfo> {
    const current = await infoOf(this.#fileOf(key));
    const described = finish(current);
    const isVersioned = this.#oldVersions !== undefined;
    const info = isVersioned ? { ...described, versionId: newVersionId(described) } : described;
    await file.write(toHeader(info), 0, HEADER_BYTES, 0);
    if (current !== undefined) await this.#oldVersions?.keep(this.#fileOf(key), current);
    await rename(temporary, this.#fileOf(key));
    (await this.#index)?.set(key, info);
    return info;
  }

  async open(key: string, versionId?: string): Promise<OpenObject | undefined> {
    const path = versionId === undefined ? this.#fileOf(key) : await this.#fileOfVersion(key, versionId);
    const file = path === undefined ? undefined : await openIfThere(path);
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
  }

  delete(key: string): Promise<void> {
    return this.#inTurn(async () => {
      await rm(this.#fileOf(key), { force: true });
      (await this.#index)?.delete(key);
    });
  }

  async versions(key: string): Promise<ObjectInfo[]> {
    const files = [this.#fileOf(key), ...((await this.#oldVersions?.filesOf(key)) ?? [])];
    const infos = (await Promise.all(files.map(infoOf))).filter((info) => info !== undefined);
    // Kept, and then not replaced: the machine was killed.
    return infos.filter((info, at) => at === 0 || versionIdOf(info) !== versionIdOf(infos[0] ?? info));
  }

  deleteVersion(key: string, versionId: string): Promise<void> {
    return this.#inTurn(async () => {
      const path = await this.#fileOfVersion(key, versionId);
      if (path === undefined) return;
      await rm(path, { force: true });
      if (path === this.#fileOf(key)) await this.#takeBack(key, path);
    });
  }

  async list(prefix: string): Promise<readonly ObjectInfo[]> {
    this.#index ??= readIndex(this.#objects);
    const infos = [...(await this.#index).values()].filter(({ key }) => key.startsWith(prefix));
    return infos.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The version before is the object now, if there is one. */
  async #takeBack(key: string, path: string): Promise<void> {
    await this.#oldVersions?.takeNewest(key, path);
    const before = await infoOf(path);
    if (before === undefined) (await this.#index)?.delete(key);
    else (await this.#index)?.set(key, before);
  }

  #fileOf(key: string): string {
    return join(this.#objects, createHash('sha256').update(key).digest('hex'));
  }

  async #fileOfVersion(key: string, versionId: string): Promise<string | undefined> {
    const current = await infoOf(this.#fileOf(key));
    const isCurrent = current !== undefined && versionIdOf(current) === versionId;
    return isCurrent ? this.#fileOf(key) : this.#oldVersions?.fileOf(key, versionId);
  }
}

/** One after the other: what somebody decides by what is there holds until it is done. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function infoOf(path: string): Promise<ObjectInfo | undefined> {
  const file = await openIfThere(path);
  if (file === undefined) return undefined;
  try {
    return await readHeader(file);
  } finally {
    await file.close();
  }
}

async function readIndex(objects: string): Promise<Map<string, ObjectInfo>> {
  const index = new Map<string, ObjectInfo>();
  for (const name of await readdir(objects)) {
    const info = await infoOf(join(objects, name));
    if (info !== undefined) index.set(info.key, info);
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
