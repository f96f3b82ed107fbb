import type { BucketSpec } from '../../../terraform/reader/infrastructure.ts';
import type { ObjectStore } from './object-store.ts';
import { versionIdOf } from './old-versions.ts';

const DAY_MS = 86_400_000;

/** Deletes what was replaced so many days ago; null: there are no versions. Resolves with how many. */
export async function expireVersions(
  store: Pick<ObjectStore, 'list' | 'versions' | 'deleteVersion'>,
  oldVersionDays: number | null,
  now: Date,
): Promise<number> {
  if (oldVersionDays === null) return 0;
  const due = now.getTime() - oldVersionDays * DAY_MS;
  let deleted = 0;
  for (const { key } of await store.list('')) {
    const versions = await store.versions(key);
    for (const [at, version] of versions.entries()) {
      // It has been an old one since the one after it came.
      const after = versions[at - 1];
      if (after === undefined || after.modifiedAtMs > due) continue;
      await store.deleteVersion(key, versionIdOf(version));
      deleted += 1;
    }
  }
  return deleted;
}

/** Deletes what is older than its bucket's rules allow, which S3 does by itself on AWS. Resolves with how many. */
export async function expireObjects(
  store: Pick<ObjectStore, 'list' | 'delete'>,
  expiry: BucketSpec['expiry'],
  now: Date,
): Promise<number> {
  let deleted = 0;
  for (const { prefix, days } of expiry) {
    const due = now.getTime() - days * DAY_MS;
    for (const { key, modifiedAtMs } of await store.list(prefix)) {
      if (modifiedAtMs > due) continue;
      await store.delete(key);
      deleted += 1;
    }
  }
  return deleted;
}
