import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { CREDENTIALS } from '../../domain/timing.ts';
import type { ArtifactsBucket } from './artifacts-bucket.ts';

/** A URL that stores this one object, for a container that uses it at once. */
export const presignArtifactPut = ({ client, bucket }: ArtifactsBucket, key: string): Promise<string> =>
  getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: key }), {
    expiresIn: CREDENTIALS.artifactUrlSeconds,
  });

/** The same for who plays or downloads it, some time later. */
export const presignArtifactView = ({ client, bucket }: ArtifactsBucket, key: string): Promise<string> =>
  getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), {
    expiresIn: CREDENTIALS.viewUrlSeconds,
  });

/** A URL that reads this one object, for a container that does so at once. */
export const presignArtifactGet = ({ client, bucket }: ArtifactsBucket, key: string): Promise<string> =>
  getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), {
    expiresIn: CREDENTIALS.artifactUrlSeconds,
  });

/**
 * A URL for a client, which stores just so many bytes: the length is signed, so that S3 refuses a request with another one,
 * and ends one whose body is not as long.
 */
export const presignArtifactUpload = (
  { client, bucket }: ArtifactsBucket,
  key: string,
  sizeBytes: number,
): Promise<string> =>
  getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: key, ContentLength: sizeBytes }), {
    expiresIn: CREDENTIALS.uploadUrlSeconds,
    signableHeaders: new Set(['host', 'content-length']),
  });
