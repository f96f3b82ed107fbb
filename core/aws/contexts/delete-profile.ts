import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { ContextsBucket } from './contexts-bucket.ts';

/** Removing what is not there is no error. */
export async function deleteProfile({ client, bucket }: ContextsBucket, profileKey: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: profileKey }));
}
