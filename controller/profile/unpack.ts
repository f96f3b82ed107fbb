import { type Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ChromeUser } from '../session-folder.ts';
import { ArchiveRefusedError, refusedEntry, unreadableArchive } from './archive-refused.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './entry-filter.ts';
import { openTarReader } from './tar-reader.ts';

/** The archive did not arrive whole: its way here failed, not the archive. */
export class SourceFailedError extends Error {
  override readonly name = 'SourceFailedError';
}

/** The disk does not take the profile, whatever the archive is like. */
export class ProfileNotWrittenError extends Error {
  override readonly name = 'ProfileNotWrittenError';
}

// Headers and padding: for each entry at most two headers of its own and three of its long name.
const OVERHEAD_BYTES_PER_ENTRY = 4_096;

export interface UnpackOptions {
  readonly folder: string;
  readonly user?: ChromeUser | undefined;
  readonly limits?: ArchiveLimits;
}

/**
 * Unpacks a profile's archive as it arrives. Rejects with ArchiveRefusedError when the archive is at fault, and with
 * SourceFailedError when `source` failed. What was unpacked until then stays: the caller removes it.
 */
export async function unpackProfile(source: Readable, options: UnpackOptions): Promise<void> {
  const { folder, user, limits = ARCHIVE_LIMITS } = options;
  let firstFault: 'source' | 'content' | undefined;
  // The first stream to fail takes the others down with it; only the first says whose fault it was.
  const note = (fault: 'source' | 'content') => () => {
    firstFault ??= fault;
  };
  const reader = openTarReader({ folder, user, limits });
  const unpack = new Writable({
    write: (chunk: Buffer, _encoding, done) => attempt(() => reader.write(chunk), done),
    final: (done) => attempt(() => reader.end(), done),
  });
  const gunzip = createGunzip().once('error', note('content'));
  const bound = boundTar(limits).once('error', note('content'));
  source.once('error', note('source'));
  unpack.once('error', note('content'));
  try {
    await pipeline(source, gunzip, bound, unpack);
  } catch (error) {
    if (firstFault === 'source' && !(error instanceof ArchiveRefusedError))
      throw new SourceFailedError('The archive did not arrive whole', { cause: error });
    throw explain(error as UnpackFault);
  }
}

/** An error of a stream, of node-tar or of the file system; node-tar adds the entry that it was at. */
type UnpackFault = NodeJS.ErrnoException & { readonly entry?: { readonly path: string } };

const DISK_FAULTS: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'EROFS', 'EACCES', 'EPERM'];
// Faults of the format, told in words. All others name paths of the container, which are nobody's business.
const FORMAT_FAULT = /^(?:TAR_BAD_ARCHIVE|TAR_ENTRY_INVALID|Z_[A-Z_]+)$/;

/** The error as a client is told it: it names entries of the archive, and never a path on this disk. */
function explain(error: UnpackFault): Error {
  if (error instanceof ArchiveRefusedError) return error;
  const code = error.code ?? error.name;
  if (DISK_FAULTS.includes(code))
    return new ProfileNotWrittenError(`The profile cannot be written (${code})`, { cause: error });
  if (FORMAT_FAULT.test(code)) return unreadableArchive(error.message, error);
  if (error.entry === undefined) return unreadableArchive(code, error);
  return refusedEntry(error.entry.path, `it does not fit to what came before it (${code})`, error);
}

function attempt(work: () => void, done: (error?: Error | null) => void): void {
  try {
    work();
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}

/**
 * Stops a stream that unpacks to more than any good archive, whatever its headers say, and one that is not plain tar
 * inside: tar would go on to unpack a second compression, uncounted.
 */
function boundTar(limits: ArchiveLimits): Transform {
  const maxBytes = limits.maxTotalBytes + limits.maxEntries * OVERHEAD_BYTES_PER_ENTRY;
  let bytes = 0;
  let head = Buffer.alloc(0);
  let isTar = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) return done(new ArchiveRefusedError(`it unpacks to more than ${maxBytes} bytes`));
      if (isTar) return done(null, chunk);
      head = Buffer.concat([head, chunk]);
      if (head.length < TAR_BLOCK) return done();
      if (!startsLikeTar(head)) return done(new ArchiveRefusedError('it is not a tar archive in gzip'));
      isTar = true;
      done(null, head);
    },
    flush(done) {
      done(isTar ? null : new ArchiveRefusedError('it is not a tar archive in gzip'));
    },
  });
}

const TAR_BLOCK = 512;
const MAGIC_OFFSET = 257;

const startsLikeTar = (head: Buffer): boolean =>
  head.toString('latin1', MAGIC_OFFSET, MAGIC_OFFSET + 5) === 'ustar';
