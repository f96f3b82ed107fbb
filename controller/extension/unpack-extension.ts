import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type ExtensionZip,
  type FileSink,
  readExtensionZip,
} from '../../core/extension-zip/read-extension-zip.ts';
import type { ChromeUser } from '../chrome/launch.ts';
import { type FileModes, FileWriter } from '../profile/file-writer.ts';
import { addKey } from './add-key.ts';

export interface UnpackExtensionOptions {
  readonly extensionId: string;
  readonly folder: string;
  /** Who runs Chrome; undefined: whoever this process is. */
  readonly user?: ChromeUser | undefined;
}

const MANIFEST = 'manifest.json';
const PRIVATE = 0o700;
const READABLE: FileModes = { file: 0o640, folder: 0o750 };
// Chrome writes its index of an extension's network rules beside them, and loads no extension where it cannot. Sticky: it
// can add to the folder, and neither change, remove nor rename what is this process's.
const ADD_ONLY = 0o1770;

/**
 * Unpacks an extension into a folder of its own. Its files belong to this process: who has broken out of a page into Chrome
 * cannot change them. Rejects with an ExtensionRefusedError for a bad zip.
 */
export async function unpackExtension(zip: ExtensionZip, options: UnpackExtensionOptions): Promise<void> {
  const { extensionId, folder, user } = options;
  // Of an attempt before this one.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: PRIVATE });
  const owner = user === undefined ? undefined : { uid: process.getuid?.() ?? 0, gid: user.gid };
  if (owner !== undefined) {
    chownSync(folder, owner.uid, owner.gid);
    chmodSync(folder, ADD_ONLY);
  }
  const files: FileSink = new FileWriter({ folder, user: owner, modes: owner && READABLE });
  const manifest = await readExtensionZip(zip, files);
  await writeFile(path.join(folder, MANIFEST), addKey(manifest, extensionId));
}
