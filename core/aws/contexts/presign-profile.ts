import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ContextsBucket } from './contexts-bucket.ts';

/** A URL that reads one archive, valid for `expiresInSeconds`. */
export const presignDownload = (
  { client, bucket }: ContextsBucket,
  profileKey: string,
  expiresInSeconds: number,
): Promise<string> =>
  getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: profileKey }), {
    expiresIn: expiresInSeconds,
  });

/** A URL that replaces one archive as a whole, valid for `expiresInSeconds`. */
export const presignUpload = (
  { client, bucket }: ContextsBucket,
  profileKey: string,
  expiresInSeconds: number,
): Promise<string> =>
  getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: profileKey }), {
    expiresIn: expiresInSeconds,
  });
