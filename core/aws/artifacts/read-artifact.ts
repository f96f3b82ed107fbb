import type { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import { askStore } from './ask-store.ts';
import { ObjectTooLargeError } from './object-too-large-error.ts';
import { StoreDownError } from './store-down-error.ts';

/** An object as text; undefined where there is none. Rejects with an ObjectTooLargeError for one of more than `maxBytes`, which is not read then. */
export const readArtifact = async (
  bucket: ArtifactsBucket,
  key: string,
  maxBytes: number,
): Promise<string | undefined> => (await readArtifactBytes(bucket, key, maxBytes))?.toString();

/** The same as bytes. */
export async function readArtifactBytes(
  { client, bucket }: ArtifactsBucket,
  key: string,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const content = await askStore(async (abortSignal) => {
    try {
      return await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  });
  if (content === undefined) return undefined;
  const { Body, ContentLength = Number.POSITIVE_INFINITY } = content;
  const stream = Body as Readable;
  if (ContentLength > maxBytes) {
    stream.destroy();
    throw new ObjectTooLargeError(ContentLength, maxBytes);
  }
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new StoreDownError('The store of files broke off', { cause: error });
  }
  return Buffer.concat(chunks);
}
