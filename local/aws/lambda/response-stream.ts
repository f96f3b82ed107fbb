/** `awslambda`, the global by which a Lambda function streams its answer. Runs inside an execution environment. */
import { Writable } from 'node:stream';

export const STREAMING_HANDLER = Symbol.for('aws.lambda.runtime.handler.streaming');

const HIGH_WATER_MARK_BYTES = 65_536;

/** `prelude`: status and headers of an answer over HTTP, with the first bytes of its body. */
export type WriteChunk = (prelude: unknown, bytes: Uint8Array, done: () => void) => void;

export class ResponseStream extends Writable {
  /** Goes out before the first bytes of the body, or at the end of an empty one. */
  prelude: unknown;
  readonly #write: WriteChunk;

  constructor(write: WriteChunk) {
    super({ highWaterMark: HIGH_WATER_MARK_BYTES, decodeStrings: true });
    this.#write = write;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const { prelude } = this;
    this.prelude = undefined;
    this.#write(prelude, chunk, done);
  }

  override _final(done: () => void): void {
    if (this.prelude === undefined) done();
    else this._write(Buffer.alloc(0), 'utf8', done);
  }
}

type StreamingHandler = (event: unknown, stream: ResponseStream, context: unknown) => Promise<unknown>;

export const awslambda = {
  streamifyResponse: (handler: StreamingHandler): StreamingHandler =>
    Object.assign(handler, { [STREAMING_HANDLER]: 'response' }),
  HttpResponseStream: {
    from: (stream: ResponseStream, prelude: unknown): ResponseStream => Object.assign(stream, { prelude }),
  },
};
