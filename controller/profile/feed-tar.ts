import { Transform, Writable } from 'node:stream';
import { ArchiveRefusedError } from './archive-refused.ts';
import type { TarReader } from './tar-reader.ts';

const BLOCK = 512;
const ZEROS = Buffer.alloc(BLOCK);
// Headers and padding: for each entry at most two headers of its own and three of its long name.
const OVERHEAD_BYTES_PER_ENTRY = 4_096;
/** Headers that no entry is counted for yet. */
const SPARE_OVERHEAD_BYTES = 1024 * 1024;
/** Archives are filled up to whole records of their tape: 10 KiB by default, more on request. */
const MAX_PADDING_BYTES = 1024 * 1024;
/** Compression that makes an archive larger than it is: much more than the little that random data costs. */
const SPARE_COMPRESSED_BYTES = 4 * 1024 * 1024;

export interface TarFeed {
  /** How much of the compressed archive was passed on. */
  passedBytes(): number;
  /** Passes the compressed archive on, and stops one that is large and unpacks to nothing. */
  readonly compressed: Transform;
  /** Gives the unpacked archive to the reader, and stops one that is no tar or goes on without entries. */
  readonly unpacked: Writable;
}

/**
 * Bounds what an archive costs besides its files: its headers, what follows its end, and its compression. Its files are
 * bounded entry by entry. How well it is compressed says nothing: a page can store zeros, and Chrome keeps them as files.
 */
export function feedTar(reader: TarReader): TarFeed {
  let passedBytes = 0;
  let unpackedBytes = 0;
  let paddingBytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  let lastWasZero = false;
  let isTar = false;

  /** Whole blocks, zeros only at their end: after the reader has ended they are padding or something else. */
  function give(blocks: Buffer): void {
    if (blocks.length === 0) return;
    if (!reader.hasEnded) {
      reader.write(blocks);
      const { bytes, entries } = reader.totals;
      const overhead = unpackedBytes - bytes - entries * OVERHEAD_BYTES_PER_ENTRY;
      if (overhead > SPARE_OVERHEAD_BYTES) throw new ArchiveRefusedError('it has more headers than files');
      return;
    }
    paddingBytes += blocks.length;
    checkPadding(blocks, paddingBytes);
  }

  /** A run of zeros may hold the end of the archive, so what follows one is given by itself. */
  function giveByRuns(blocks: Buffer): void {
    let from = 0;
    for (let at = 0; at < blocks.length; at += BLOCK) {
      const zero = isZero(blocks, at);
      if (lastWasZero && !zero) {
        give(blocks.subarray(from, at));
        from = at;
      }
      lastWasZero = zero;
    }
    give(blocks.subarray(from));
  }

  function take(chunk: Buffer): void {
    unpackedBytes += chunk.length;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % BLOCK);
    rest = bytes.subarray(whole);
    if (whole === 0) return;
    if (!isTar && !startsLikeTar(bytes)) throw notTar();
    isTar = true;
    giveByRuns(bytes.subarray(0, whole));
  }

  function finish(): void {
    if (!isTar) throw notTar();
    if (rest.some((byte) => byte !== 0)) throw new ArchiveRefusedError('it ends within a block');
    reader.end();
  }

  return {
    passedBytes: () => passedBytes,
    compressed: refuseHollow((length) => {
      passedBytes += length;
      return passedBytes > 2 * unpackedBytes + SPARE_COMPRESSED_BYTES;
    }),
    unpacked: new Writable({
      write: (chunk: Buffer, _encoding, done) => attempt(() => take(chunk), done),
      final: (done) => attempt(finish, done),
      destroy(error, done) {
        reader.close();
        done(error);
      },
    }),
  };
}

function checkPadding(blocks: Buffer, paddingBytes: number): void {
  if (!isZero(blocks, 0)) throw new ArchiveRefusedError('it goes on after its end');
  if (paddingBytes > MAX_PADDING_BYTES)
    throw new ArchiveRefusedError(`more than ${MAX_PADDING_BYTES} bytes follow its end`);
}

/** Passes a compressed archive on as long as it is not larger than what it holds. */
function refuseHollow(isHollowWith: (length: number) => boolean): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const isHollow = isHollowWith(chunk.length);
      done(isHollow ? new ArchiveRefusedError('it is larger than what is in it') : null, chunk);
    },
  });
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

const isZero = (bytes: Buffer, at: number): boolean =>
  bytes[at] === 0 && bytes.compare(ZEROS, 0, BLOCK, at, at + BLOCK) === 0;

const notTar = () => new ArchiveRefusedError('it is not a tar archive, plain or in gzip or zstd');

const MAGIC_OFFSET = 257;

/** What also starts like gzip is not plain tar: node-tar would unpack it once more, uncounted. */
const startsLikeTar = (head: Buffer): boolean =>
  head.toString('latin1', MAGIC_OFFSET, MAGIC_OFFSET + 5) === 'ustar' && head.readUInt16BE(0) !== 0x1f8b;
