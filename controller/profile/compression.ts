import type { Transform } from 'node:stream';
import {
  constants,
  createGunzip,
  createZstdCompress,
  createZstdDecompress,
  type Gunzip,
  type ZstdDecompress,
} from 'node:zlib';

const CHUNK_BYTES = 256 * 1024;
/** What `zstd -19` needs. A frame says how much memory its reader must take, up to gigabytes. */
const MAX_WINDOW_LOG = 23;
// docs/decisions/2026-11-29-profile-archives.md has the figures.
const ZSTD_LEVEL = 1;

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
export const MAGIC_BYTES = ZSTD_MAGIC.length;

/** As this product compresses. Its checksum finds what the way to the store and back has changed. */
export const createCompressor = (): Transform =>
  createZstdCompress({
    chunkSize: CHUNK_BYTES,
    params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
  });

/** What opens an archive that begins so: zstd, gzip, or nothing for what is neither. */
export function createDecompressor(head: Buffer): Gunzip | ZstdDecompress | undefined {
  if (startsWith(head, ZSTD_MAGIC))
    return createZstdDecompress({
      chunkSize: CHUNK_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
    });
  return startsWith(head, GZIP_MAGIC) ? createGunzip({ chunkSize: CHUNK_BYTES }) : undefined;
}

const startsWith = (head: Buffer, magic: Buffer): boolean => head.subarray(0, magic.length).equals(magic);
