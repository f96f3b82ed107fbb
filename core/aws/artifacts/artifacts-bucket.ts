import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** Where sessions leave what is no profile. */
export interface ArtifactsBucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/** Path-style and without checksums ahead, for the reasons of the contexts' bucket. */
export const createArtifactsBucket = (
  bucket: string,
  usesEndpoint: boolean,
  config: S3ClientConfig = {},
): ArtifactsBucket => ({
  client: new S3Client({
    forcePathStyle: usesEndpoint,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    ...config,
  }),
  bucket,
});
