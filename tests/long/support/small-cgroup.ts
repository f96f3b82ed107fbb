import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECOND = '/sys/fs/cgroup';
const FIRST = join(SECOND, 'memory');
const isFirst = existsSync(FIRST);
/** Where a container finds the files of its own, by the kind of cgroup that this machine has. */
export const CGROUP_ROOT = isFirst ? FIRST : SECOND;
const LIMIT = isFirst ? 'memory.limit_in_bytes' : 'memory.max';

export interface SmallCgroup {
  readonly folder: string;
  remove(): void;
}

/** A cgroup with so much memory, of either kind; undefined where this user may make none. */
export function makeCgroup(name: string, bytes: number): SmallCgroup | undefined {
  const folder = join(CGROUP_ROOT, name);
  try {
    if (!isFirst && !/\bmemory\b/.test(readFileSync(join(SECOND, 'cgroup.subtree_control'), 'utf8'))) return;
    mkdirSync(folder);
    writeFileSync(join(folder, LIMIT), String(bytes));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT') return;
    throw error;
  }
  return { folder, remove: () => rmdirSync(folder) };
}
