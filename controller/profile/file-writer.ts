import fs from 'node:fs';
import path from 'node:path';
import type { ChromeUser } from '../chrome/launch.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = fs.constants;
const NEW_FILE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export interface FileModes {
  readonly file: number;
  readonly folder: number;
}

export interface FileWriterOptions {
  /** Empty, and nobody else writes into it. */
  readonly folder: string;
  /** Who is to own all of it; undefined: whoever this process is. */
  readonly user?: ChromeUser | undefined;
  /** Undefined: nobody else may look at it. */
  readonly modes?: FileModes | undefined;
}

/**
 * Writes the files of an archive, whose paths have been judged, with as few calls of the system as they take: that is most
 * of the time of a restore. Who owns a file, what its mode is and when it was made is chosen here, not by the archive.
 */
export class FileWriter {
  readonly #folder: string;
  readonly #user: ChromeUser | undefined;
  readonly #modes: FileModes | undefined;
  #fd: number | undefined;
  readonly #folders = new Set(['', '.']);

  constructor({ folder, user, modes }: FileWriterOptions) {
    this.#folder = folder;
    this.#user = user;
    this.#modes = modes;
  }

  /** Makes the folder, and those above it. Throws ENOTDIR where one of them is a file. */
  makeFolder(name: string): void {
    if (this.#folders.has(name)) return;
    this.makeFolder(path.dirname(name));
    const absolute = path.join(this.#folder, name);
    try {
      fs.mkdirSync(absolute, FOLDER_MODE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw notWritable('ENOTDIR');
    }
    if (this.#user !== undefined) fs.chownSync(absolute, this.#user.uid, this.#user.gid);
    // Not by mkdir's mode, which the umask narrows.
    if (this.#modes !== undefined) fs.chmodSync(absolute, this.#modes.folder);
    this.#folders.add(name);
  }

  /** Begins a new file; an earlier one of this name goes, as with tar. Never through a link. */
  open(name: string): void {
    this.makeFolder(path.dirname(name));
    const absolute = path.join(this.#folder, name);
    try {
      this.#fd = fs.openSync(absolute, NEW_FILE, FILE_MODE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (fs.lstatSync(absolute).isDirectory()) throw notWritable('EISDIR');
      fs.unlinkSync(absolute);
      this.#fd = fs.openSync(absolute, NEW_FILE, FILE_MODE);
    }
  }

  write(bytes: Buffer): void {
    if (this.#fd === undefined) throw new Error('no file is open');
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.#fd, bytes, at);
  }

  /** Ends the file that is open, if one is. */
  close(): void {
    const fd = this.#fd;
    if (fd === undefined) return;
    this.#fd = undefined;
    try {
      if (this.#user !== undefined) fs.fchownSync(fd, this.#user.uid, this.#user.gid);
      if (this.#modes !== undefined) fs.fchmodSync(fd, this.#modes.file);
    } finally {
      fs.closeSync(fd);
    }
  }
}

/** As the kernel would say it. */
const notWritable = (code: 'ENOTDIR' | 'EISDIR'): Error =>
  Object.assign(new Error('another kind of entry has this name'), { code });
