import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
} from '@aws-sdk/client-s3';
import type { ContextsBucket } from './contexts-bucket.ts';

/** An archive of a context: the one that sessions start with, or one that it has replaced. */
export interface ProfileVersion {
  readonly versionId: string;
  readonly isCurrent: boolean;
  readonly savedAt: string;
  readonly bytes: number;
  /** It marks that the archives before it were deleted, and holds nothing. */
  readonly isDeletion: boolean;
}

/** The versions of one archive, the newest first, a page at a time. */
export async function* pagesOfProfileVersions(
  { client, bucket }: ContextsBucket,
  profileKey: string,
): AsyncGenerator<ProfileVersion[]> {
  let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (next !== undefined) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: profileKey, ...next }),
    );
    const { Versions = [], DeleteMarkers = [], IsTruncated, NextKeyMarker, NextVersionIdMarker } = page;
    const found = [
      ...Versions.map((version) => toVersion(version, false)),
      ...DeleteMarkers.map((marker) => toVersion(marker, true)),
    ].filter(({ key }) => key === profileKey);
    yield found.map(({ key: _, ...version }) => version).sort(newestFirst);
    next = IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined;
  }
}

const toVersion = ({ Key, VersionId, IsLatest, LastModified, Size }: ObjectVersion, isDeletion: boolean) => ({
  key: Key,
  versionId: VersionId ?? 'null',
  isCurrent: IsLatest === true,
  savedAt: LastModified?.toISOString() ?? '',
  bytes: Size ?? 0,
  isDeletion,
});

const newestFirst = (a: ProfileVersion, b: ProfileVersion): number =>
  Number(b.isCurrent) - Number(a.isCurrent) || b.savedAt.localeCompare(a.savedAt);
