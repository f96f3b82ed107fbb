import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** Where the archives of the contexts' profiles are. */
export interface ContextsBucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/**
 * Path-style where an endpoint is given, because a host name per bucket does not resolve there. No checksum is
 * computed ahead: the signer does not see the body that the holder of a presigned URL will send.
 */
export const createContextsBucket = (
  bucket: string,
  usesEndpoint: boolean,
  config: S3ClientConfig = {},
): ContextsBucket => ({
  client: new S3Client({
    forcePathStyle: usesEndpoint,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    ...config,
  }),
  bucket,
});
