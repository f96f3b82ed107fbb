import { CopyObjectCommand, HeadObjectCommand, NotFound } from '@aws-sdk/client-s3';
import { SAVED_BY_METADATA } from '../../domain/profile-save.ts';
import type { ContextsBucket } from './contexts-bucket.ts';

/** The session that saved this version; undefined: a client uploaded it, or nobody noted it. */
export async function savedByOf(
  { client, bucket }: ContextsBucket,
  Key: string,
  VersionId: string,
): Promise<string | undefined> {
  try {
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key, VersionId }));
    return Metadata?.[SAVED_BY_METADATA];
  } catch (error) {
    // Its days were over just now.
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Makes a copy of an earlier version the archive that sessions start with; that one stays an earlier version. */
export async function restoreProfileVersion(
  { client, bucket }: ContextsBucket,
  Key: string,
  versionId: string,
): Promise<void> {
  const CopySource = `${bucket}/${encodeURI(Key)}?versionId=${encodeURIComponent(versionId)}`;
  await client.send(new CopyObjectCommand({ Bucket: bucket, Key, CopySource }));
}
