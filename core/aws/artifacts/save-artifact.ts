import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import { askStore } from './ask-store.ts';
import { ObjectTooLargeError } from './object-too-large-error.ts';
import { StoreDownError } from './store-down-error.ts';

const OWN_ONLY = 0o600;

/**
 * Writes an object to a file that is new, piece by piece, and resolves with its size; with undefined where there is none.
 * Rejects for one of more than `maxBytes`, which is not read then. What was written by then is removed.
 */
export async function saveArtifact(
  { client, bucket }: ArtifactsBucket,
  key: string,
  { file, maxBytes }: { readonly file: string; readonly maxBytes: number },
): Promise<number | undefined> {
  const content = await askStore((abortSignal) =>
    client
      .send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal })
      .catch((error: unknown) => {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }),
  );
  if (content === undefined) return undefined;
  const { Body, ContentLength: sizeBytes = Number.POSITIVE_INFINITY } = content;
  const stream = Body as Readable;
  if (sizeBytes > maxBytes) {
    stream.destroy();
    throw new ObjectTooLargeError(sizeBytes, maxBytes);
  }
  try {
    await pipeline(stream, createWriteStream(file, { flags: 'wx', mode: OWN_ONLY }));
  } catch (error) {
    await rm(file, { force: true });
    // What the disk says has a call in it; all else is the connection's.
    if ((error as NodeJS.ErrnoException).syscall === 'write') throw error;
    throw new StoreDownError('The store of files broke off', { cause: error });
  }
  return sizeBytes;
}
