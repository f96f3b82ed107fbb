/** The folder under which every session has one of its own. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TASK_UIDS } from '../aws/ecs/host-resources.ts';

// Others may pass through it, to a folder whose name they know, but not list it: as root, Chrome is such another user.
const ENTERABLE = 0o711;
const OWNER_ONLY = 0o700;
const HASH_CHARACTERS = 6;

/**
 * A temporary folder, named after the data folder so that the next start finds what this one left. It does not lie in
 * the data folder: another user may not be able to get there, and its path must be short, because Chrome keeps a Unix
 * socket deep inside a session's folder and the path of one has 107 characters at most. Hence /tmp, not os.tmpdir().
 */
export function createSessionRoot(
  dataDir: string,
  { isRoot = process.getuid?.() === 0, temporaryDir = '/tmp' } = {},
) {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, HASH_CHARACTERS);
  const path = join(temporaryDir, `wc${name}`);
  const mode = isRoot ? ENTERABLE : OWNER_ONLY;
  const removeAll = (): void => rmSync(path, { recursive: true, force: true });
  let isMade = false;
  return {
    path,
    /** To be called once nothing of an earlier run writes there any more. */
    make(): void {
      if (isRoot && isLeftByTask(path)) removeAll();
      mkdirSync(path, { recursive: true, mode });
      assertOwnFolder(path);
      isMade = true;
      chmodSync(path, mode);
    },
    /** Removes what was made, with all it holds. */
    remove(): void {
      if (isMade) removeAll();
    },
  };
}

/** A Chrome that outlives the folder of its session makes it anew, and what is above it: as a user of ours. */
function isLeftByTask(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid >= TASK_UIDS.first && stat.uid <= TASK_UIDS.last;
}

/** The name can be guessed and anyone may write to a temporary folder: what stands there must be ours. */
function assertOwnFolder(path: string): void {
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.()) {
    throw new Error(`${path} is not a folder of this user: remove it and start again`);
  }
}
