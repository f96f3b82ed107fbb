import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

export interface ContextsBucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/**
 * Path-style where an endpoint is given, because a host name per bucket does not resolve there. No checksum is
 * computed ahead: the signer does not see the body that the holder of a presigned URL will send.
 */
export const createContextsBucket = (bucket: string, usesEndpoint: boolean): ContextsBucket => ({
  client: new S3Client({ forcePathStyle: usesEndpoint, requestChecksumCalculation: 'WHEN_REQUIRED' }),
  bucket,
});

/** A URL that reads one object, valid for `expiresInSeconds`. */
export const presignGet = (
  { client, bucket }: ContextsBucket,
  key: string,
  expiresInSeconds: number,
): Promise<string> =>
  getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: expiresInSeconds });

/** A URL that replaces one object as a whole, valid for `expiresInSeconds`. */
export const presignPut = (
  { client, bucket }: ContextsBucket,
  key: string,
  expiresInSeconds: number,
): Promise<string> =>
  getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: expiresInSeconds });

export async function deleteObject({ client, bucket }: ContextsBucket, key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}
