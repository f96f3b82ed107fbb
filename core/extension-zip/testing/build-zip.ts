import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  /** Bytes for a name that is no text. */
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  readonly isStored?: boolean;
  /** What the zip claims, where that is not so. */
  readonly claims?: Partial<Record<'size' | 'compressedSize' | 'crc' | 'flags' | 'method' | 'mode', number>>;
}

const UTF8 = 0x800;

/** A zip as its parts want it, lies included: made by hand, because no packer makes bad ones. */
export function buildZip(parts: readonly ZipPart[], { entryCount = parts.length } = {}): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const { local, header } = headersOf(part, offset);
    locals.push(local);
    central.push(header);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entryCount, 8);
  end.writeUInt16LE(entryCount, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function headersOf({ name, content = '', isStored = false, claims = {} }: ZipPart, offset: number) {
  const bytes = Buffer.from(content as string);
  const data = isStored ? bytes : deflateRawSync(bytes);
  const rawName = Buffer.from(name as string);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(claims.flags ?? UTF8, 2);
  common.writeUInt16LE(claims.method ?? (isStored ? 0 : 8), 4);
  common.writeUInt32LE(claims.crc ?? crc32(bytes), 10);
  common.writeUInt32LE(claims.compressedSize ?? data.length, 14);
  common.writeUInt32LE(claims.size ?? bytes.length, 18);
  common.writeUInt16LE(rawName.length, 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((claims.mode ?? 0o100644) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, rawName, data]);
  // Made by Unix, so that the mode counts.
  const header = Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, rawName]);
  return { local, header };
}

export const MANIFEST = JSON.stringify({ manifest_version: 3, name: 'An extension', version: '1.0' });

/** The zip of an extension that is good, and what a test adds to it. */
export const buildExtensionZip = (...more: readonly ZipPart[]): Buffer =>
  buildZip([{ name: 'manifest.json', content: MANIFEST }, ...more]);
