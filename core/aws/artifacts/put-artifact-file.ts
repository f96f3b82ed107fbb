import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { systemClock } from '../../clock/system-clock.ts';
import { pause } from '../../domain/clock.ts';
import { ARTIFACT_STORE } from '../../domain/timing.ts';
import { AWS_ATTEMPTS } from '../aws-client.ts';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import { presignArtifactPut } from './presign-artifact.ts';
import { StoreDownError } from './store-down-error.ts';

/** What is put as one object: some bytes, and a file behind them. */
export interface FileWithHead {
  readonly head: Buffer;
  readonly file: string;
  /** Of both. */
  readonly bytes: number;
}

export async function* readFileWithHead({ head, file }: Omit<FileWithHead, 'bytes'>): AsyncGenerator<Buffer> {
  yield head;
  for await (const chunk of createReadStream(file)) yield chunk as Buffer;
}

/** Not asked again: all of what it was to answer in is over. */
class StoreSilentError extends StoreDownError {}

/** After the first attempt, and the second one; each at random up to twice that. */
const PAUSES_MS = [100, 400];

/** Stores it as it is read. What may pass is tried again, as the SDK does: that would read a stream twice, to sign its content. */
export async function putArtifactFile(
  bucket: ArtifactsBucket,
  key: string,
  content: FileWithHead,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await put(bucket, key, content);
    } catch (error) {
      const mayPass = error instanceof StoreDownError && !(error instanceof StoreSilentError);
      if (attempt === AWS_ATTEMPTS || !mayPass) throw error;
      await pause(systemClock, (PAUSES_MS[attempt - 1] ?? 0) * 2 * Math.random());
    }
  }
}

/** By a presigned URL. A store that takes nothing, or does not answer what it took, is left. */
async function put(bucket: ArtifactsBucket, key: string, content: FileWithHead): Promise<void> {
  const silent = new AbortController();
  const wait = () => systemClock.setTimer(ARTIFACT_STORE.answerMs, () => silent.abort());
  let cancel = wait();
  const onTaken = () => {
    cancel();
    cancel = wait();
  };
  try {
    const body = Readable.from(toldOf(readFileWithHead(content), onTaken), { objectMode: false });
    const answer = await fetch(await presignArtifactPut(bucket, key), {
      method: 'PUT',
      headers: { 'content-length': String(content.bytes) },
      body: Readable.toWeb(body) as ReadableStream,
      duplex: 'half',
      signal: silent.signal,
    } as RequestInit);
    await answer.arrayBuffer();
    if (answer.status === 200) return;
    throw new StoreDownError(`The store of files answered ${answer.status}`);
  } catch (cause) {
    if (cause instanceof StoreDownError) throw cause;
    if (silent.signal.aborted) throw new StoreSilentError('The store of files does not answer');
    // Without its text, which can hold the URL.
    throw new StoreDownError('The store of files does not answer', { cause: (cause as Error).name });
  } finally {
    cancel();
  }
}

async function* toldOf(chunks: AsyncIterable<Buffer>, onTaken: () => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onTaken();
    yield chunk;
  }
  onTaken();
}
