import { Transform, type TransformCallback } from 'node:stream';
import { AwsError } from '../wire/aws-error.ts';

const MAX_LINE_BYTES = 8192;
const incomplete = (what: string) =>
  new AwsError('IncompleteBody', `The aws-chunked body is not complete: ${what}`);

/**
 * Unwraps `content-encoding: aws-chunked` (hex length, bytes, ..., 0, trailers), which the SDK sends for a stream.
 * The trailers, checksums mostly, are known once the stream has ended.
 */
export class AwsChunkedDecoder extends Transform {
  readonly trailers = new Map<string, string>();
  #line = Buffer.alloc(0);
  #chunkLeft = 0;
  #state: 'size' | 'data' | 'data-end' | 'trailer' | 'done' = 'size';

  override _transform(input: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    try {
      let rest = input;
      while (rest.length > 0) rest = this.#state === 'data' ? this.#takeData(rest) : this.#takeLine(rest);
      callback();
    } catch (error) {
      callback(error as Error);
    }
  }

  override _flush(callback: TransformCallback): void {
    // The empty line behind the trailers is left out by some senders.
    const isWhole = this.#state === 'done' || (this.#state === 'trailer' && this.#line.length === 0);
    callback(isWhole ? null : incomplete('it ends early'));
  }

  #takeData(input: Buffer): Buffer {
    const data = input.subarray(0, this.#chunkLeft);
    this.push(data);
    this.#chunkLeft -= data.length;
    if (this.#chunkLeft === 0) this.#state = 'data-end';
    return input.subarray(data.length);
  }

  #takeLine(input: Buffer): Buffer {
    const end = input.indexOf('\n');
    this.#line = Buffer.concat([this.#line, end < 0 ? input : input.subarray(0, end)]);
    if (this.#line.length > MAX_LINE_BYTES) throw incomplete('a line is too long');
    if (end < 0) return Buffer.alloc(0);
    const line = this.#line.toString('latin1').replace(/\r$/, '');
    this.#line = Buffer.alloc(0);
    this.#readLine(line);
    return input.subarray(end + 1);
  }

  #readLine(line: string): void {
    if (this.#state === 'data-end') {
      if (line !== '') throw incomplete('a chunk is longer than it says');
      this.#state = 'size';
    } else if (this.#state === 'size') {
      const size = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line)?.[1];
      if (size === undefined) throw incomplete('a chunk has no length');
      this.#chunkLeft = Number.parseInt(size, 16);
      this.#state = this.#chunkLeft === 0 ? 'trailer' : 'data';
    } else if (this.#state === 'trailer' && line !== '') {
      const colon = line.indexOf(':');
      this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    } else {
      this.#state = 'done';
    }
  }
}
