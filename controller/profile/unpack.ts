import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZstdDecompress } from 'node:zlib';
import type { ChromeUser } from '../chrome/launch.ts';
import { ArchiveRefusedError, refusedEntry, unreadableArchive } from './archive-refused.ts';
import { createDecompressor, MAGIC_BYTES } from './compression.ts';
import { feedTar } from './feed-tar.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import { peek } from './peek.ts';
import { openTarReader } from './tar-reader.ts';

/** The archive did not arrive whole: its way here failed, not the archive. */
export class SourceFailedError extends Error {
  override readonly name = 'SourceFailedError';
}

/** The disk does not take the profile, whatever the archive is like. */
export class ProfileNotWrittenError extends Error {
  override readonly name = 'ProfileNotWrittenError';
}

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
  let decompressor: ReturnType<typeof createDecompressor>;
  let firstFault: 'source' | 'content' | undefined;
  // The first stream to fail takes the others down with it; only the first says whose fault it was.
  const note = (fault: 'source' | 'content') => () => {
    firstFault ??= fault;
  };
  const { compressed, unpacked, passedBytes } = feedTar(openTarReader({ folder, user, limits }));
  source.once('error', note('source'));
  try {
    decompressor = createDecompressor(await peek(source, MAGIC_BYTES));
    const stages = [compressed, ...(decompressor === undefined ? [] : [decompressor]), unpacked];
    for (const stream of stages) stream.once('error', note('content'));
    await pipeline([source, ...stages]);
    if (decompressor instanceof ZstdDecompress && decompressor.bytesWritten < passedBytes()) throw goesOn();
  } catch (error) {
    // node's reader of zstd ends after a frame, when another one begins in the same piece: nothing is passed over in silence.
    if ((error as UnpackFault).code === 'ERR_STREAM_PREMATURE_CLOSE' && decompressor?.readableEnded)
      throw goesOn();
    if (firstFault === 'source' && !(error instanceof ArchiveRefusedError))
      throw new SourceFailedError('The archive did not arrive whole', { cause: error });
    throw explain(error as UnpackFault);
  }
}

const goesOn = () => new ArchiveRefusedError('it goes on after its first frame of zstd: pack it as one');

/** An error of a stream, of node-tar or of the file system; node-tar adds the entry that it was at. */
type UnpackFault = NodeJS.ErrnoException & { readonly entry?: { readonly path: string } };

const DISK_FAULTS: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'EROFS', 'EACCES', 'EPERM'];
// Faults of the format, told in words. All others name paths of the container, which are nobody's business.
const FORMAT_FAULT = /^(?:TAR_BAD_ARCHIVE|TAR_ENTRY_INVALID|Z_[A-Z_]+|ZSTD_error_\w+)$/;

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
