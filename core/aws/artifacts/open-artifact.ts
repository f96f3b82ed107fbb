import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import { askStore } from './ask-store.ts';

/** The content of an object, as it comes. Rejects when there is none. */
export async function openArtifact({ client, bucket }: ArtifactsBucket, key: string): Promise<Readable> {
  const { Body } = await askStore((abortSignal) =>
    client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal }),
  );
  return Body as Readable;
}
