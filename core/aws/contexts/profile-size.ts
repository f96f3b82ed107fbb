import { HeadObjectCommand, NotFound } from '@aws-sdk/client-s3';
import type { ContextsBucket } from './contexts-bucket.ts';

/** The bytes of an archive, whoever put it there; undefined when there is none. */
export async function profileSizeOf(
  { client, bucket }: ContextsBucket,
  profileKey: string,
): Promise<number | undefined> {
  try {
    const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: profileKey }));
    return ContentLength;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
