import { S3Client } from '@aws-sdk/client-s3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createContextsBucket } from './contexts-bucket.ts';
import { presignDownload, presignUpload } from './presign-profile.ts';
import { presignSave } from './presign-save.ts';

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

urls('of a save sign which archive it replaces and who saves it, as headers', async () => {
  for (const [replaces, condition] of [
    ['"e"', { 'if-match': '"e"' }],
    ['none', { 'if-none-match': '*' }],
    ['any', {}],
  ] as const) {
    const { url, headers } = await presignSave(bucket, { profileKey: KEY, sessionId: 's1', replaces }, 300);
    assert.equal(headers, { 'x-amz-meta-session-id': 's1', ...condition });
    const { searchParams } = new URL(url);
    const signed = [...Object.keys(condition), 'host', 'x-amz-meta-session-id'].sort();
    assert.equal(searchParams.get('X-Amz-SignedHeaders')?.split(';').sort(), signed);
    assert.equal(
      [...searchParams.keys()].filter((name) => /x-amz-meta|checksum/i.test(name)),
      [],
    );
  }
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
