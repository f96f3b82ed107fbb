import type { BucketSpec } from '../../../terraform/reader/infrastructure.ts';
import type { ObjectStore } from './object-store.ts';

const DAY_MS = 86_400_000;

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
