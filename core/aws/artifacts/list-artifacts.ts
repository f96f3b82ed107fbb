import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ArtifactsBucket } from './artifacts-bucket.ts';
import { askStore } from './ask-store.ts';

/** The keys below a prefix, sorted by their text. */
export async function listArtifacts(
  { client, bucket }: ArtifactsBucket,
  prefix: string,
): Promise<readonly string[]> {
  const keys: string[] = [];
  let from: string | undefined;
  do {
    const page = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: from });
    const { Contents = [], NextContinuationToken } = await askStore((abortSignal) =>
      client.send(page, { abortSignal }),
    );
    for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
    from = NextContinuationToken;
  } while (from !== undefined);
  return keys;
}
