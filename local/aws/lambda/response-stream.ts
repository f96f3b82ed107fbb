/**
 * `awslambda`, the global by which a Lambda function streams its answer. Runs inside an execution environment.
 *
 * An answer over HTTP is a prelude (status and headers as JSON), eight NUL bytes, then the body.
 */
import { Writable } from 'node:stream';

export const STREAMING_HANDLER = Symbol.for('aws.lambda.runtime.handler.streaming');
export const HTTP_RESPONSE_TYPE = 'application/vnd.awslambda.http-integration-response';
export const PRELUDE_DELIMITER = Buffer.alloc(8);

const HIGH_WATER_MARK_BYTES = 65_536;

export type WriteChunk = (bytes: Uint8Array, done: () => void) => void;

export class ResponseStream extends Writable {
  contentType = 'application/octet-stream';
  #prelude: Buffer | undefined;
  readonly #write: WriteChunk;

  constructor(write: WriteChunk) {
    super({ highWaterMark: HIGH_WATER_MARK_BYTES, decodeStrings: true });
    this.#write = write;
  }

  setContentType(contentType: string): void {
    this.contentType = contentType;
  }

  /** Goes out before the first bytes of the body, or at the end of an empty one. */
  setPrelude(prelude: unknown): void {
    this.#prelude = Buffer.concat([Buffer.from(JSON.stringify(prelude)), PRELUDE_DELIMITER]);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const bytes = this.#prelude === undefined ? chunk : Buffer.concat([this.#prelude, chunk]);
    this.#prelude = undefined;
    this.#write(bytes, done);
  }

  override _final(done: () => void): void {
    if (this.#prelude === undefined) done();
    else this._write(Buffer.alloc(0), 'utf8', done);
  }
}

type StreamingHandler = (event: unknown, stream: ResponseStream, context: unknown) => Promise<unknown>;

export const awslambda = {
  streamifyResponse(handler: StreamingHandler): StreamingHandler {
    Object.assign(handler, { [STREAMING_HANDLER]: 'response' });
    return handler;
  },
  HttpResponseStream: {
    from(stream: ResponseStream, prelude: unknown): ResponseStream {
      stream.setContentType(HTTP_RESPONSE_TYPE);
      stream.setPrelude(prelude);
      return stream;
    },
  },
};
