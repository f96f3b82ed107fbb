import { gzipSync } from 'node:zlib';
import * as tar from 'tar';

export interface TarEntry {
  readonly path: string;
  readonly type?: string;
  /** A type that node-tar has no name for, as it stands in the header. */
  readonly typeFlag?: string;
  readonly linkpath?: string;
  readonly body?: string;
  readonly size?: number;
  readonly mode?: number;
}

const BLOCK = 512;
const TYPE_FLAG_OFFSET = 156;
const CHECKSUM_OFFSET = 148;

/** A tar archive of exactly these entries, however wrong they are. */
export const tarOf = (entries: readonly TarEntry[]): Buffer =>
  Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);

export const archiveOf = (entries: readonly TarEntry[]): Buffer => gzipSync(tarOf(entries));

export function blocksOf(entry: TarEntry): readonly Buffer[] {
  const { path, type = 'File', typeFlag, linkpath, body = '', size, mode = 0o4777 } = entry;
  const header = new tar.Header();
  Object.assign(header, { path, mode, size: size ?? Buffer.byteLength(body), mtime: new Date(0) });
  if (linkpath !== undefined) header.linkpath = linkpath;
  header.type = type as 'File';
  const block = Buffer.alloc(BLOCK);
  header.encode(block, 0);
  if (typeFlag !== undefined) setTypeFlag(block, typeFlag);
  const padding = Buffer.alloc((BLOCK - (Buffer.byteLength(body) % BLOCK)) % BLOCK);
  return [block, Buffer.from(body), padding];
}

function setTypeFlag(block: Buffer, flag: string): void {
  block.write(flag, TYPE_FLAG_OFFSET, 'latin1');
  block.fill(' ', CHECKSUM_OFFSET, CHECKSUM_OFFSET + 8);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM_OFFSET, 'latin1');
}

/** A PAX header with these records, for the entry after it. */
export function paxOf(records: Readonly<Record<string, string>>, type = 'ExtendedHeader'): TarEntry {
  const body = Object.entries(records)
    .map(([name, value]) => recordOf(name, value))
    .join('');
  return { path: 'PaxHeader/x', type, body };
}

/** "<length> <name>=<value>\n", where the length counts its own digits. */
function recordOf(name: string, value: string): string {
  const rest = ` ${name}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  const digits = String(bytes + String(bytes).length).length;
  return `${bytes + digits}${rest}`;
}
