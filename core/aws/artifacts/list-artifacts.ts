import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { ArtifactsBucket } from './artifacts-bucket.ts';

/** The keys below a prefix, sorted by their text. */
export async function listArtifacts(
  { client, bucket }: ArtifactsBucket,
  prefix: string,
): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
    for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
  return keys;
}
