import { PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import {
  ANY_ARCHIVE,
  type ArchiveId,
  NO_ARCHIVE,
  type ProfileSave,
  SAVED_BY_HEADER,
  SAVED_BY_METADATA,
  type SignedSave,
} from '../../domain/profile-save.ts';
import type { ContextsBucket } from './contexts-bucket.ts';

/** A URL by which a session saves its profile instead of the archive that it had, and in its own name. */
export async function presignSave(
  { client, bucket }: ContextsBucket,
  { profileKey, sessionId, replaces }: ProfileSave,
  expiresInSeconds: number,
): Promise<SignedSave> {
  const { input, headers } = conditionOf(replaces);
  const Metadata = { [SAVED_BY_METADATA]: sessionId };
  const url = await getSignedUrl(
    client,
    new PutObjectCommand({ Bucket: bucket, Key: profileKey, Metadata, ...input }),
    // As headers they are the archive's for certain; as parameters of the URL S3 documents nothing of the kind.
    { expiresIn: expiresInSeconds, unhoistableHeaders: new Set([SAVED_BY_HEADER]) },
  );
  return { url, headers: { [SAVED_BY_HEADER]: sessionId, ...headers } };
}

function conditionOf(replaces: ArchiveId) {
  if (replaces === ANY_ARCHIVE) return { input: {}, headers: {} };
  if (replaces === NO_ARCHIVE) return { input: { IfNoneMatch: '*' }, headers: { 'if-none-match': '*' } };
  return { input: { IfMatch: replaces }, headers: { 'if-match': replaces } };
}
