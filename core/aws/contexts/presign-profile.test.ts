import { S3Client } from '@aws-sdk/client-s3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFakeClient } from '../testing/fake-client.ts';
import { createContextsBucket } from './contexts-bucket.ts';
import { deleteProfile } from './delete-profile.ts';
import { presignDownload, presignUpload } from './presign-profile.ts';

const KEY = 'p1/c1/profile.tar.gz';
const bucket = {
  client: new S3Client({
    region: 'us-west-2',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 's' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  }),
  bucket: 'profiles',
};

const urls = suite('presigned URLs of a profile');

urls('are for one archive, for so long', async () => {
  for (const presign of [presignDownload, presignUpload]) {
    const { host, pathname, searchParams } = new URL(await presign(bucket, KEY, 300));
    assert.is(host, 'profiles.s3.us-west-2.amazonaws.com');
    assert.is(pathname, `/${KEY}`);
    assert.is(searchParams.get('X-Amz-Expires'), '300');
  }
});

urls('read or write, and one cannot be taken for the other', async () => {
  const ids = await Promise.all(
    [presignDownload, presignUpload].map(async (presign) =>
      new URL(await presign(bucket, KEY, 300)).searchParams.get('x-id'),
    ),
  );
  assert.equal(ids, ['GetObject', 'PutObject']);
});

urls('bind no checksum of a body that nobody has seen yet', async () => {
  assert.not.match(await presignUpload(bucket, KEY, 300), /checksum/i);
  const made = createContextsBucket('profiles', false).client;
  assert.is(await made.config.requestChecksumCalculation(), 'WHEN_REQUIRED');
  made.destroy();
});

urls('name the bucket in the path where there is an endpoint', async () => {
  for (const usesEndpoint of [true, false]) {
    const { client, bucket: name } = createContextsBucket('profiles', usesEndpoint);
    assert.is(client.config.forcePathStyle, usesEndpoint);
    assert.is(name, 'profiles');
    client.destroy();
  }
});

urls.run();

// ---

const deleting = suite('deleteProfile');

deleting('removes the one archive', async () => {
  const { client, sent } = createFakeClient<S3Client>([{}]);
  await deleteProfile({ client, bucket: 'profiles' }, KEY);
  assert.equal(sent, [{ name: 'DeleteObjectCommand', input: { Bucket: 'profiles', Key: KEY } }]);
});

deleting.run();
