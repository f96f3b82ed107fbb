import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import { askStore } from './ask-store.ts';

/** Removing what is not there is no error. */
export async function deleteArtifact({ client, bucket }: ArtifactsBucket, key: string): Promise<void> {
  await askStore((abortSignal) =>
    client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), { abortSignal }),
  );
}
