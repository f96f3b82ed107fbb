import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import { askStore } from './ask-store.ts';

export async function putArtifact(
  { client, bucket }: ArtifactsBucket,
  key: string,
  content: Buffer,
): Promise<void> {
  await askStore((abortSignal) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }), { abortSignal }),
  );
}
