import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** As much as a session's container stores, and a little more: what would be larger is no log of ours. */
export const MAX_LOG_BYTES = 256 * 1024 * 1024;

const NEWLINE = 0x0a;
const COMMA = 0x2c;

/** The rows of segments of JSON lines as one JSON array. Holds no more of them than a stream does. */
export async function* streamLog<Key>(
  keys: readonly Key[],
  open: (key: Key) => Promise<Readable>,
  maxBytes = MAX_LOG_BYTES,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  let before = '[';
  for (const key of keys) {
    for await (const chunk of linesOf(await open(key))) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`The log is longer than ${maxBytes} bytes`);
      yield Buffer.concat([Buffer.from(before), chunk]);
      before = '';
    }
    if (before === '') before = ',';
  }
  yield Buffer.from(before === '[' ? '[]' : ']');
}

/** The lines of a segment, with commas between them. */
async function* linesOf(segment: Readable): AsyncGenerator<Buffer> {
  const lines = createGunzip();
  segment.on('error', (error) => lines.destroy(error)).pipe(lines);
  let isLineOpen = true;
  try {
    for await (const chunk of lines as AsyncIterable<Buffer>) {
      const isEnded = chunk.at(-1) === NEWLINE;
      const text = Buffer.from(isEnded ? chunk.subarray(0, -1) : chunk);
      for (let at = text.indexOf(NEWLINE); at >= 0; at = text.indexOf(NEWLINE, at + 1)) text[at] = COMMA;
      yield isLineOpen ? text : Buffer.concat([Buffer.of(COMMA), text]);
      // What ends the last line of all is not followed by another.
      isLineOpen = !isEnded;
    }
  } finally {
    segment.destroy();
  }
}
