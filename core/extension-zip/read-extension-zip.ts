import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { EXTENSION_LIMITS, type ExtensionLimits } from '../domain/extension-limits.ts';
import { EntryFilter } from './entry-filter.ts';
import { ExtensionRefusedError, refusedEntry, shown } from './extension-refused.ts';
import { type Manifest, readManifest } from './read-manifest.ts';

/** Where the files of an extension go, one after the other. Their paths have been judged. */
export interface FileSink {
  open(path: string): void;
  write(bytes: Buffer): void;
  close(): void;
}

/** For who only wants to know whether a zip is good. */
export const NOWHERE: FileSink = { open: () => undefined, write: () => undefined, close: () => undefined };

/** Its bytes, or where they lie on this disk. */
export type ExtensionZip = Buffer | { readonly file: string };

const MANIFEST = 'manifest.json';
const SYMBOLIC_MODE_SHIFT = 16;

/**
 * Reads the whole zip of an extension, and gives its files to the sink. Throws an ExtensionRefusedError that says what is
 * wrong with it; what the sink has by then is of no use.
 */
export async function readExtensionZip(
  zip: ExtensionZip,
  sink: FileSink = NOWHERE,
  limits: ExtensionLimits = EXTENSION_LIMITS,
): Promise<Manifest> {
  const file = await openZip(zip);
  try {
    return await readEntries(file, sink, limits);
  } finally {
    file.close();
  }
}

async function readEntries(file: ZipFile, sink: FileSink, limits: ExtensionLimits): Promise<Manifest> {
  if (file.entryCount > limits.maxEntries)
    throw new ExtensionRefusedError(`it has more than ${limits.maxEntries} entries`);
  const filter = new EntryFilter(limits);
  const paths: string[] = [];
  let manifest: Manifest | undefined;
  for await (const entry of entriesOf(file)) {
    const verdict = filter.judge(claimOf(entry));
    if ('fault' in verdict) throw refusedEntry(entry.fileName, verdict.fault);
    if (verdict.kind !== 'file') continue;
    paths.push(verdict.path);
    if (verdict.path !== MANIFEST) await copy(file, entry, sink, verdict.path);
    else manifest = readManifest(await readWhole(file, entry, sink, limits.maxManifestBytes));
  }
  if (manifest === undefined) throw new ExtensionRefusedError(withoutManifest(paths));
  return manifest;
}

// Closed by who opens it: of a zip on disk, whatever is wrong with it.
const OPTIONS = { lazyEntries: true, strictFileNames: true, validateEntrySizes: true, autoClose: false };

async function openZip(zip: ExtensionZip): Promise<ZipFile> {
  if ((await magicOf(zip)) === 'Cr24')
    throw new ExtensionRefusedError('it is a .crx: the zip is what follows its header');
  const opening = Buffer.isBuffer(zip)
    ? yauzl.fromBufferPromise(zip, OPTIONS)
    : yauzl.openPromise(zip.file, OPTIONS);
  return opening.catch((error: Error) => {
    throw unreadable(error);
  });
}

async function magicOf(zip: ExtensionZip): Promise<string> {
  if (Buffer.isBuffer(zip)) return zip.subarray(0, 4).toString('latin1');
  const file = await open(zip.file);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* entriesOf(file: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* file.eachEntry();
  } catch (error) {
    throw error instanceof ExtensionRefusedError ? error : unreadable(error as Error);
  }
}

const claimOf = (entry: Entry) => ({
  path: entry.fileName,
  size: entry.uncompressedSize,
  mode: entry.externalFileAttributes >>> SYMBOLIC_MODE_SHIFT,
  isEncrypted: entry.isEncrypted(),
  compressionMethod: entry.compressionMethod,
});

/** Its declared size is checked by the reader of the zip, and its checksum here. */
async function copy(file: ZipFile, entry: Entry, sink: FileSink, path: string): Promise<void> {
  const stream = await openEntry(file, entry);
  let sum = 0;
  sink.open(path);
  try {
    for await (const bytes of chunksOf(stream, entry)) {
      sum = crc32(bytes, sum);
      sink.write(bytes);
    }
  } finally {
    sink.close();
  }
  if (sum !== entry.crc32) throw refusedEntry(entry.fileName, 'its content does not fit to its checksum');
}

async function readWhole(file: ZipFile, entry: Entry, sink: FileSink, maxBytes: number): Promise<Buffer> {
  if (entry.uncompressedSize > maxBytes)
    throw refusedEntry(entry.fileName, `it is larger than ${maxBytes} bytes`);
  const chunks: Buffer[] = [];
  await copy(
    file,
    entry,
    {
      open: (path) => sink.open(path),
      close: () => sink.close(),
      write(bytes) {
        chunks.push(bytes);
        sink.write(bytes);
      },
    },
    MANIFEST,
  );
  return Buffer.concat(chunks);
}

const openEntry = (file: ZipFile, entry: Entry): Promise<Readable> =>
  file.openReadStreamPromise(entry).catch((error: Error) => {
    throw refusedEntry(entry.fileName, shown(error.message));
  });

/** Only what the stream says is about the zip: an error of the sink is the disk's. */
async function* chunksOf(stream: Readable, entry: Entry): AsyncGenerator<Buffer> {
  try {
    for await (const bytes of stream) yield bytes as Buffer;
  } catch (error) {
    throw refusedEntry(entry.fileName, shown((error as Error).message));
  }
}

/** What the disk says is no fault of the zip. */
const unreadable = (error: NodeJS.ErrnoException): Error =>
  error.syscall === undefined
    ? new ExtensionRefusedError(`it cannot be read as a zip (${shown(error.message)})`)
    : error;

/** Who zips a folder instead of what is in it has the manifest one level too low. */
function withoutManifest(paths: readonly string[]): string {
  const below = paths.find((path) => path.endsWith(`/${MANIFEST}`));
  return below === undefined
    ? 'it has no manifest.json at its root'
    : `it has no manifest.json at its root, but in ${JSON.stringify(shown(below))}: zip what is in that folder, not the folder`;
}
