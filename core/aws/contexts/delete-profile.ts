import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { ContextsBucket } from './contexts-bucket.ts';
import { pagesOfProfileVersions } from './list-profile-versions.ts';

const AT_ONCE = 16;

/**
 * Deletes an archive and all that it has replaced: whoever deletes a context wants its logins gone. The oldest go first, so
 * that none becomes the current one again. Removing what is not there is no error, and what fails can be done again.
 */
export async function deleteProfile(contexts: ContextsBucket, profileKey: string): Promise<void> {
  const ids: string[] = [];
  for await (const page of pagesOfProfileVersions(contexts, profileKey))
    ids.push(...page.map(({ versionId }) => versionId));
  const oldestFirst = ids.reverse();
  for (let at = 0; at < oldestFirst.length; at += AT_ONCE)
    await Promise.all(
      oldestFirst.slice(at, at + AT_ONCE).map((versionId) => deleteVersion(contexts, profileKey, versionId)),
    );
}

async function deleteVersion(
  { client, bucket }: ContextsBucket,
  Key: string,
  VersionId: string,
): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));
}
