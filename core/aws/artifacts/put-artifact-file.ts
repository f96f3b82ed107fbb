import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
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

async function* contentOf({ head, file }: FileWithHead): AsyncGenerator<Buffer> {
  yield head;
  for await (const chunk of createReadStream(file)) yield chunk as Buffer;
}

/** Stores it as it is read. By a presigned URL: the SDK would read a stream twice, to sign its content. */
export async function putArtifactFile(
  bucket: ArtifactsBucket,
  key: string,
  content: FileWithHead,
): Promise<void> {
  const answer = await fetch(await presignArtifactPut(bucket, key), {
    method: 'PUT',
    headers: { 'content-length': String(content.bytes) },
    body: Readable.toWeb(Readable.from(contentOf(content), { objectMode: false })) as ReadableStream,
    duplex: 'half',
  } as RequestInit).catch((cause: unknown) => {
    // Without its text, which can hold the URL.
    throw new StoreDownError('The store of files does not answer', { cause: (cause as Error).name });
  });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new StoreDownError(`The store of files answered ${answer.status}`);
}
