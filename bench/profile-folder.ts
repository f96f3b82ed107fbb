import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const MEGABYTE = 1_000_000;
/** What of a profile is which kind, by its bytes: those of a shop's and a mail's profile after some weeks are alike. */
const SHARE = { databases: 0.3, scripts: 0.3, media: 0.4 } as const;
/** What no archive takes, beside it: a fifth of its size. */
const LEFT_OUT_SHARE = 0.2;
const SMALL_FILE_BYTES = 12_000;
const LARGE_FILE_BYTES = 3 * MEGABYTE;

export interface ProfileFolder {
  readonly files: number;
  readonly bytes: number;
  readonly leftOutBytes: number;
}

/**
 * A profile as Chrome leaves it: SQLite databases (real ones, of rows), what service workers keep of scripts (text), and
 * what does not compress: pictures, and blobs in IndexedDB. Half of each is in small files. Caches, which stay behind, are beside it.
 */
export function makeProfileFolder(folder: string, bytes: number): ProfileFolder {
  const maker = new FolderMaker(folder);
  maker.databases(bytes * SHARE.databases);
  maker.fill('Default/Service Worker/CacheStorage', bytes * SHARE.scripts, scriptText);
  maker.fill('Default/IndexedDB/https_shop.example_0.indexeddb.blob', bytes * SHARE.media, randomBytes);
  const kept = maker.total;
  maker.fill('Default/Cache/Cache_Data', bytes * LEFT_OUT_SHARE, randomBytes);
  return { ...kept, leftOutBytes: maker.total.bytes - kept.bytes };
}

class FolderMaker {
  readonly #folder: string;
  total = { files: 0, bytes: 0 };

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Half in small files, half in large ones. */
  fill(name: string, bytes: number, content: (size: number) => Buffer): void {
    for (const [size, share] of [
      [SMALL_FILE_BYTES, 0.5],
      [LARGE_FILE_BYTES, 0.5],
    ] as const) {
      const files = Math.ceil((bytes * share) / size);
      for (let index = 0; index < files; index++)
        this.#write(
          `${name}/${index % 40}/${size}-${index}`,
          content(Math.floor(Math.min(size, bytes * share))),
        );
    }
  }

  databases(bytes: number): void {
    const names = ['History', 'Cookies', 'Favicons', 'Web Data'];
    for (const name of names) this.#database(`Default/${name}`, bytes / names.length);
  }

  #database(name: string, bytes: number): void {
    const file = this.#pathOf(name);
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE urls (id INTEGER PRIMARY KEY, url TEXT, title TEXT, token TEXT, at INTEGER)');
    const insert = database.prepare('INSERT INTO urls (url, title, token, at) VALUES (?, ?, ?, ?)');
    database.exec('BEGIN');
    // About 210 bytes a row.
    for (let row = 0; row < bytes / 210; row++) {
      const token = createHash('sha256').update(`${name} ${row}`).digest('base64url');
      const url = `https://shop.example/products/${row % 977}?ref=${token.slice(0, 12)}&page=${row}`;
      insert.run(
        url,
        `Product ${row % 977}: everything for house and garden`,
        token,
        13_370_000_000_000_000 + row,
      );
    }
    database.exec('COMMIT');
    database.close();
    this.#count(readFileSync(file).length);
  }

  #pathOf(name: string): string {
    const file = join(this.#folder, name);
    mkdirSync(dirname(file), { recursive: true });
    return file;
  }

  #write(name: string, content: Buffer): void {
    writeFileSync(this.#pathOf(name), content);
    this.#count(content.length);
  }

  #count(bytes: number): void {
    this.total = { files: this.total.files + 1, bytes: this.total.bytes + bytes };
  }
}

let scripts: Buffer | undefined;
let at = 0;

/** Text that people wrote: compiled scripts of a package that is here anyway. */
function scriptText(size: number): Buffer {
  scripts ??= readScripts();
  const parts: Buffer[] = [];
  for (let missing = size; missing > 0; ) {
    const part = scripts.subarray(at, at + missing);
    at = (at + part.length) % scripts.length;
    missing -= part.length;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function readScripts(): Buffer {
  const folder = new URL('../node_modules/playwright-core/lib/', import.meta.url).pathname;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?js$/.test(name))
    .sort();
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const name of names) {
    if (bytes > 60 * MEGABYTE) break;
    const part = readFileSync(join(folder, name));
    bytes += part.length;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });
