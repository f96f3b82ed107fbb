import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ChromeUser } from '../chrome/launch.ts';

/**
 * Everything a session writes lies under one folder: `browser/` is Chrome's, `controller/` the controller's own, and in
 * `uploads/` Chrome may read.
 */
export interface SessionFolder {
  readonly root: string;
  readonly controller: string;
  readonly uploads: string;
  /** Chrome's working directory. */
  readonly browser: string;
  readonly profile: string;
  /** Where a profile is unpacked while a Chrome that waited for its session still lies in the other. */
  readonly restored: string;
  readonly home: string;
  readonly tmp: string;
  readonly downloads: string;
  /** Is made when there is one. */
  readonly extension: string;
  readonly config: string;
  remove(): Promise<void>;
  /** For the last moment of the process, when nothing can be awaited. */
  removeNow(): void;
}

const BROWSER_FOLDERS = [
  'profile',
  'restored',
  'home',
  'tmp',
  'downloads',
  'config',
  'cache',
  'data',
] as const;
const PRIVATE = 0o700;
// Chrome's user must pass through to its own folder, and may list nothing on the way.
const PASS_THROUGH = 0o711;
const READABLE = 0o644;
// A dying Chrome may still write while its folder goes.
const REMOVAL = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const;

/** Makes the folder, empty: what an earlier process left under this name is removed. */
export function createSessionFolder(sessionRoot: string, name: string, user?: ChromeUser): SessionFolder {
  const root = path.join(sessionRoot, name);
  const browser = path.join(root, 'browser');
  const under = (folder: (typeof BROWSER_FOLDERS)[number]) => path.join(browser, folder);
  const isFirst = mkdirSync(sessionRoot, { recursive: true, mode: PASS_THROUGH }) !== undefined;
  rmSync(root, REMOVAL);
  mkdirSync(root);
  // Not by mkdir's mode, which the umask narrows. A root that was there has its mode from somebody else.
  const uploads = path.join(root, 'uploads');
  mkdirSync(uploads);
  for (const folder of isFirst ? [sessionRoot, root, uploads] : [root, uploads])
    chmodSync(folder, PASS_THROUGH);
  mkdirSync(path.join(root, 'controller'), { mode: PRIVATE });
  for (const folder of [browser, ...BROWSER_FOLDERS.map(under)]) {
    mkdirSync(folder, { mode: PRIVATE });
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
  }
  // Where a download goes that no client asked for.
  const userFolders = path.join(under('config'), 'user-dirs.dirs');
  writeFileSync(userFolders, `XDG_DOWNLOAD_DIR="${under('downloads')}"\n`);
  chmodSync(userFolders, READABLE);
  return {
    root,
    controller: path.join(root, 'controller'),
    uploads,
    browser,
    profile: under('profile'),
    restored: under('restored'),
    home: under('home'),
    tmp: under('tmp'),
    downloads: under('downloads'),
    extension: path.join(root, 'extension'),
    config: under('config'),
    remove: () => rm(root, REMOVAL),
    removeNow: () => rmSync(root, REMOVAL),
  };
}
