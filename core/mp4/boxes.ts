/** ISO/IEC 14496-12: a file is boxes, each of which begins with its length and four letters, and may have boxes within. */
export interface Box {
  readonly type: string;
  /** In the bytes that were read, its head included. */
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
}

/** What is read is no MP4 of the kind that Chrome writes. */
export class Mp4Error extends Error {
  override readonly name = 'Mp4Error';
}

const HEAD_BYTES = 8;
const LONG_HEAD_BYTES = 16;
/** The length stands behind the letters, in 64 bits. */
const IS_LONG = 1;

/** The head of the box at `start`; undefined where more bytes are needed to know. */
export function readHead(bytes: Buffer, start: number): Box | undefined {
  if (bytes.length < start + HEAD_BYTES) return undefined;
  const short = bytes.readUInt32BE(start);
  const type = bytes.toString('latin1', start + 4, start + HEAD_BYTES);
  if (short !== IS_LONG) return boxOf(type, start, HEAD_BYTES, short);
  if (bytes.length < start + LONG_HEAD_BYTES) return undefined;
  return boxOf(type, start, LONG_HEAD_BYTES, Number(bytes.readBigUInt64BE(start + HEAD_BYTES)));
}

function boxOf(type: string, start: number, headBytes: number, bytes: number): Box {
  // 0 would be "to the end of the file", which a file that grows has not.
  if (bytes < headBytes || !Number.isSafeInteger(bytes)) throw new Mp4Error(`a box ${bytes} bytes long`);
  return { type, start, bodyStart: start + headBytes, end: start + bytes };
}

/** The boxes right within a range, all of which must be there. */
export function boxesIn(bytes: Buffer, start = 0, end = bytes.length): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end; ) {
    const box = readHead(bytes, at);
    if (box === undefined || box.end > end) throw new Mp4Error('a box that is cut off');
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The first box at the end of a path of types. */
export function findBox(bytes: Buffer, ...path: readonly string[]): Box {
  let found: Box | undefined;
  for (const type of path) {
    const within = boxesIn(bytes, found?.bodyStart ?? 0, found?.end ?? bytes.length);
    found = within.find((box) => box.type === type);
    if (found === undefined) throw new Mp4Error(`no ${type}`);
  }
  if (found === undefined) throw new Mp4Error('no path');
  return found;
}

/** A box of these parts. */
export function makeBox(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(HEAD_BYTES + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
