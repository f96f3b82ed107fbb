import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectInfo } from './object-store.ts';

/** So many of an object that was replaced stay here, where S3 keeps all for their days: a disk ends sooner. */
export const MAX_OLD_VERSIONS = 5;

/** As S3 calls what was put before there were versions. */
const FIRST_VERSION = 'null';
const VERSION_ID_FORM = /^(?:null|[0-9a-z]{27})$/;

let made = 0;

/** Of versions of one object the later one's id sorts behind. */
export function newVersionId({ modifiedAtMs }: Pick<ObjectInfo, 'modifiedAtMs'>): string {
  made = (made + 1) % 36 ** 4;
  const text = (value: number, digits: number) => value.toString(36).padStart(digits, '0');
  return `${text(modifiedAtMs, 9)}${text(made, 4)}${randomBytes(7).toString('hex')}`;
}

export const versionIdOf = ({ versionId = FIRST_VERSION }: Pick<ObjectInfo, 'versionId'>): string =>
  versionId;

/** The files of replaced objects, in a folder for each key. */
export function createOldVersions(folder: string) {
  mkdirSync(folder, { recursive: true });
  const folderOf = (key: string): string => join(folder, createHash('sha256').update(key).digest('hex'));
  const fileOf = (key: string, versionId: string): string => join(folderOf(key), versionId);

  /** The newest first. */
  async function idsOf(key: string): Promise<string[]> {
    const ids = await readdir(folderOf(key)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return ids.sort(newestFirst);
  }

  return {
    /** Undefined for an id that is none. */
    fileOf: (key: string, versionId: string): string | undefined =>
      VERSION_ID_FORM.test(versionId) ? fileOf(key, versionId) : undefined,
    filesOf: async (key: string): Promise<string[]> => (await idsOf(key)).map((id) => fileOf(key, id)),
    /** Keeps the object in `file`, which stays where it is until another one takes its place. */
    async keep(file: string, info: ObjectInfo): Promise<void> {
      await mkdir(folderOf(info.key), { recursive: true });
      const kept = fileOf(info.key, versionIdOf(info));
      // What was kept, and then not replaced because the machine was killed.
      await rm(kept, { force: true });
      await link(file, kept);
      for (const id of (await idsOf(info.key)).slice(MAX_OLD_VERSIONS))
        await rm(fileOf(info.key, id), { force: true });
    },
    /** Makes the newest one the object again; answers whether there was one. */
    async takeNewest(key: string, file: string): Promise<boolean> {
      const [newest] = await idsOf(key);
      if (newest === undefined) return false;
      await rename(fileOf(key, newest), file);
      return true;
    },
  };
}

export type OldVersions = ReturnType<typeof createOldVersions>;

function newestFirst(one: string, other: string): number {
  const [a, b] = [one, other].map((id) => (id === FIRST_VERSION ? '' : id)) as [string, string];
  return a < b ? 1 : -1;
}
