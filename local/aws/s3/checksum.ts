import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The checksums that can be computed here; crc32c and crc64nvme cannot, and are refused. */
export const CHECKSUM_NAMES = ['crc32', 'sha1', 'sha256'] as const;
export type ChecksumName = (typeof CHECKSUM_NAMES)[number];

export interface Checksum {
  readonly name: ChecksumName;
  /** Base64. */
  readonly value: string;
}

export interface Digest {
  update(chunk: Buffer): void;
  base64(): string;
}

export function createDigest(name: ChecksumName | 'md5'): Digest {
  if (name !== 'crc32') {
    const hash = createHash(name);
    return { update: (chunk) => void hash.update(chunk), base64: () => hash.digest('base64') };
  }
  let sum = 0;
  return {
    update: (chunk) => {
      sum = crc32(chunk, sum);
    },
    base64: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(sum);
      return bytes.toString('base64');
    },
  };
}

export const hexOfBase64 = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
