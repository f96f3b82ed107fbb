import { createWriteStream } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { failWhenCut } from '../../core/server/fail-when-cut.ts';

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer | Readable;
  /** How long the connection may be silent. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The other side, or the way to it, failed: worth another try. */
export class RequestFailedError extends Error {
  override readonly name = 'RequestFailedError';
}

/**
 * One request on node's own client: fetch would cost the start of every session its load time and some memory.
 * Resolves with the answer's head; the caller reads or drains its body.
 */
export async function sendRequest(request: OutgoingRequest): Promise<http.IncomingMessage> {
  const { method, url, headers, body, silenceMs, signal } = request;
  const client = url.startsWith('https:') ? https : http;
  const outgoing = client.request(url, { method, headers, ...(signal === undefined ? {} : { signal }) });
  outgoing.setTimeout(silenceMs, () =>
    outgoing.destroy(new RequestFailedError(`no answer within ${silenceMs} ms`)),
  );
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    outgoing.once('response', (answer) => {
      failWhenCut(outgoing, answer);
      resolve(answer);
    });
    // on, not once: an error after the answer's head reaches the reader of its body, and must not go unheard here.
    outgoing.on('error', (error) => reject(describe(error, method)));
  });
  if (body instanceof Readable) {
    // Before the pipeline, which would only say that the connection was closed.
    body.once('error', (error) => outgoing.destroy(error));
    // The answer may come, and close the connection, before the body is through: `answered` then says which.
    pipeline(body, outgoing).catch((error: Error) => outgoing.destroy(error));
  } else outgoing.end(body);
  return answered;
}

// The message of a socket error can hold the URL, and a presigned URL is a secret: only the code is kept.
function describe(error: Error & { code?: string }, method: string): Error {
  if (error.name === 'AbortError') return error;
  if (error instanceof RequestFailedError) return error;
  return new RequestFailedError(`${method} failed: ${error.code ?? error.name}`);
}

/** The whole body as text; more than `maxBytes` is an error. */
export async function readText(answer: http.IncomingMessage, maxBytes = 1_048_576): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of bounded(answer, maxBytes)) chunks.push(chunk);
  } catch (error) {
    throw describe(error as Error, 'reading the answer');
  }
  return Buffer.concat(chunks).toString();
}

const OWN_ONLY = 0o600;

/** The whole body into a file, in place of what is there, piece by piece; more than `maxBytes` is an error. */
export async function saveBytes(answer: http.IncomingMessage, file: string, maxBytes: number): Promise<void> {
  try {
    await pipeline(bounded(answer, maxBytes), createWriteStream(file, { mode: OWN_ONLY }));
  } catch (error) {
    // What the disk says is no fault of the other side's.
    if (DISK_CALLS.includes((error as NodeJS.ErrnoException).syscall ?? '')) throw error;
    throw describe(error as Error, 'reading the answer');
  }
}

const DISK_CALLS: readonly string[] = ['open', 'write'];

async function* bounded(answer: http.IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of answer) {
    size += chunk.length;
    if (size > maxBytes) throw new RequestFailedError(`the answer is longer than ${maxBytes} bytes`);
    yield chunk;
  }
}
