import type { S3Client } from '@aws-sdk/client-s3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFakeClient } from '../testing/fake-client.ts';
import { deleteProfile } from './delete-profile.ts';

const Bucket = 'profiles';
const KEY = 'p1/c1/profile.tar.gz';
const at = (day: number) => new Date(Date.UTC(2026, 5, day));

const deleting = suite('deleteProfile');

deleting(
  'deletes all versions and markers of the one archive, over all pages, the current one last',
  async () => {
    const { client, sent } = createFakeClient<S3Client>([
      {
        Versions: [
          { Key: KEY, VersionId: 'v3', LastModified: at(3) },
          { Key: `${KEY}.other`, VersionId: 'x', LastModified: at(3) },
        ],
        DeleteMarkers: [{ Key: KEY, VersionId: 'm4', IsLatest: true, LastModified: at(4) }],
        IsTruncated: true,
        NextKeyMarker: KEY,
        NextVersionIdMarker: 'v3',
      },
      {
        Versions: [
          { Key: KEY, VersionId: 'v2', LastModified: at(2) },
          { Key: KEY, VersionId: 'null' },
        ],
      },
      {},
      {},
      {},
      {},
    ]);
    await deleteProfile({ client, bucket: Bucket }, KEY);
    const [first, second, ...deletions] = sent.map(({ input }) => input as Record<string, unknown>);
    assert.equal(first, { Bucket, Prefix: KEY });
    assert.equal(second, { Bucket, Prefix: KEY, KeyMarker: KEY, VersionIdMarker: 'v3' });
    assert.equal(
      deletions.map(({ Key, VersionId }) => [Key, VersionId]),
      ['null', 'v2', 'v3', 'm4'].map((VersionId) => [KEY, VersionId]),
    );
  },
);

deleting('of what is not there does nothing', async () => {
  const { client, sent } = createFakeClient<S3Client>([{}]);
  await deleteProfile({ client, bucket: Bucket }, KEY);
  assert.is(sent.length, 1);
});

deleting.run();
