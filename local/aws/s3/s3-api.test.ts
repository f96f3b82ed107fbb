import { existsSync, readdirSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { awaitCondition } from '../testing/await-condition.ts';
import { rejectionOf, serveServices, withFolder } from '../testing/serve-services.ts';
import { createS3Api } from './s3-api.ts';

const s3 = suite('S3');
const Bucket = 'test-bucket';
const MAX_OBJECT_BYTES = 1_000_000;

const serve = (use: (machine: Machine) => Promise<void>) => () =>
  withFolder(async (folder) => {
    let now = new Date();
    const api = createS3Api({
      buckets: [Bucket],
      folder: join(folder, 'store'),
      maxObjectBytes: MAX_OBJECT_BYTES,
      now: () => now,
    });
    const served = await serveServices({ s3: api }, { now: () => now });
    const client = new S3Client(served.client);
    // As presigned uploads need it: otherwise the SDK signs the checksum of an empty body into the URL.
    const presigner = new S3Client({ ...served.client, requestChecksumCalculation: 'WHEN_REQUIRED' });
    const setNow = (date: Date) => {
      now = date;
    };
    try {
      await use({ client, presigner, folder, setNow });
    } finally {
      client.destroy();
      presigner.destroy();
      await served.close();
    }
  });

interface Machine {
  client: S3Client;
  presigner: S3Client;
  folder: string;
  setNow(date: Date): void;
}

const read = async (client: S3Client, Key: string): Promise<string | undefined> =>
  (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

s3(
  'keeps an object with its headers, and replaces it',
  serve(async ({ client }) => {
    const put = await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a/b.gz',
        Body: 'one',
        ContentType: 'text/x',
        Metadata: { owner: 'me' },
      }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a/b.gz' }));
    assert.is(await got.Body?.transformToString(), 'one');
    assert.is(got.ETag, put.ETag);
    assert.is(got.ContentType, 'text/x');
    assert.equal(got.Metadata, { owner: 'me' });
    await client.send(new PutObjectCommand({ Bucket, Key: 'a/b.gz', Body: '' }));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a/b.gz' }));
    assert.is(head.ContentLength, 0);
    assert.not.equal(head.ETag, put.ETag);
    assert.is(await read(client, 'a/b.gz'), '');
  }),
);

s3(
  'takes a stream, which the SDK sends in chunks with a trailing checksum',
  serve(async ({ client }) => {
    const Body = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.alloc(70_000, 'b')]);
    await client.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: 140_000 }));
    assert.is(await read(client, 'stream'), 'a'.repeat(70_000) + 'b'.repeat(70_000));
  }),
);

s3(
  'says that a key is not there, and deletes',
  serve(async ({ client }) => {
    assert.is((await rejectionOf(read(client, 'none'))).name, 'NoSuchKey');
    const head = await rejectionOf(client.send(new HeadObjectCommand({ Bucket, Key: 'none' })));
    assert.is(head.$metadata?.httpStatusCode, 404);
    await client.send(new PutObjectCommand({ Bucket, Key: 'gone', Body: 'x' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    assert.is((await rejectionOf(read(client, 'gone'))).name, 'NoSuchKey');
    const other = client.send(new GetObjectCommand({ Bucket: 'other-bucket', Key: 'a' }));
    assert.is((await rejectionOf(other)).name, 'NoSuchBucket');
  }),
);

s3(
  'never leaves its folder, whatever the key',
  serve(async ({ client, folder }) => {
    const keys = [
      '../../escape',
      '..',
      'a/../../b',
      '/etc/x',
      'nul\u0001',
      'ü/ß €',
      'a//b',
      `${'k'.repeat(1024)}`,
      '%2e%2e/x',
    ];
    const before = readdirSync(dirname(folder)).length;
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    for (const Key of keys) assert.is(await read(client, Key), Key);
    assert.equal(readdirSync(folder), ['store']);
    assert.equal(readdirSync(join(folder, 'store')).sort(), ['objects', 'unfinished']);
    assert.is(readdirSync(join(folder, 'store', 'objects')).length, keys.length);
    assert.not(existsSync(join(folder, 'escape')));
    assert.ok(Math.abs(readdirSync(dirname(folder)).length - before) < 5);
    const tooLong = client.send(new PutObjectCommand({ Bucket, Key: 'k'.repeat(1025), Body: '' }));
    assert.is((await rejectionOf(tooLong)).name, 'KeyTooLongError');
  }),
);

s3(
  'lists by prefix, page by page, in the order of bytes',
  serve(async ({ client }) => {
    for (const Key of ['p/b', 'p/a&<x>', 'q/a', 'p/é', 'p/c'])
      await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const first = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/', MaxKeys: 3 }));
    assert.ok(first.IsTruncated);
    const ContinuationToken = first.NextContinuationToken;
    const second = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'p/', MaxKeys: 3, ContinuationToken }),
    );
    assert.not(second.IsTruncated);
    const keys = [...(first.Contents ?? []), ...(second.Contents ?? [])].map((item) => item.Key);
    assert.equal(keys, ['p/a&<x>', 'p/b', 'p/c', 'p/é']);
  }),
);

s3(
  'opens presigned URLs as signed: their method, their key, their time',
  serve(async ({ presigner, setNow }) => {
    const putUrl = await getSignedUrl(presigner, new PutObjectCommand({ Bucket, Key: 'x y' }), {
      expiresIn: 60,
    });
    const getUrl = await getSignedUrl(presigner, new GetObjectCommand({ Bucket, Key: 'x y' }), {
      expiresIn: 60,
    });
    assert.is((await fetch(getUrl)).status, 404);
    assert.is((await fetch(putUrl, { method: 'PUT', body: 'content' })).status, 200);
    assert.is(await (await fetch(getUrl)).text(), 'content');
    assert.is((await fetch(getUrl, { method: 'PUT', body: 'other' })).status, 403);
    assert.is((await fetch(getUrl.replace('x%20y', 'z'))).status, 403);
    assert.is((await fetch(getUrl.replace('Expires=60', 'Expires=600'))).status, 403);
    const hex = await fetch(getUrl.replace('Expires=60', 'Expires=0x3c'));
    assert.match(await hex.text(), /X-Amz-Expires is to be/);
    assert.is((await fetch(getUrl.split('?')[0] ?? '')).status, 403);
    setNow(new Date(Date.now() + 61_000));
    const expired = await fetch(getUrl);
    assert.is(expired.status, 403);
    assert.match(await expired.text(), /<Code>AccessDenied<\/Code><Message>Request has expired/);
  }),
);

s3(
  'checks the checksums that come with an object, also those in a presigned URL',
  serve(async ({ client, presigner }) => {
    const wrong = client.send(
      new PutObjectCommand({ Bucket, Key: 'sum', Body: 'x', ChecksumCRC32: 'AAAAAA==' }),
    );
    assert.is((await rejectionOf(wrong)).name, 'BadDigest');
    const ofNothing = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'sum' }), {
      expiresIn: 60,
    });
    const answer = await fetch(ofNothing, { method: 'PUT', body: 'x' });
    assert.match(await answer.text(), /BadDigest/);
    assert.is((await rejectionOf(read(presigner, 'sum'))).name, 'NoSuchKey');
  }),
);

s3(
  'leaves the old object in place when an upload breaks off, and nothing else',
  serve(async ({ client, presigner, folder }) => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'profile', Body: 'old' }));
    const url = await getSignedUrl(presigner, new PutObjectCommand({ Bucket, Key: 'profile' }), {
      expiresIn: 60,
    });
    const unfinished = join(folder, 'store', 'unfinished');
    const upload = sendRequest(url, { method: 'PUT', headers: { 'content-length': 500_000 }, agent: false });
    upload.on('error', () => {});
    upload.write(Buffer.alloc(100_000));
    await awaitCondition(() => readdirSync(unfinished).length === 1, 'the upload has begun');
    upload.destroy();
    await new Promise((resolve) => upload.once('close', resolve));
    await awaitCondition(() => readdirSync(unfinished).length === 0, 'the half is removed');
    assert.is(await read(client, 'profile'), 'old');
  }),
);

s3(
  'refuses what is too large, of unknown length, or not supported',
  serve(async ({ client, presigner }) => {
    const url = await getSignedUrl(presigner, new PutObjectCommand({ Bucket, Key: 'big' }), {
      expiresIn: 60,
    });
    const large = await fetch(url, { method: 'PUT', body: Buffer.alloc(MAX_OBJECT_BYTES + 1) });
    assert.match(await large.text(), /EntityTooLarge/);
    const body = Readable.toWeb(Readable.from([Buffer.from('x')]));
    const unknown = await fetch(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
    assert.is(unknown.status, 411);
    const multipart = client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
    assert.is((await rejectionOf(multipart)).name, 'NotImplemented');
    const range = client.send(new GetObjectCommand({ Bucket, Key: 'a', Range: 'bytes=0-1' }));
    assert.is((await rejectionOf(range)).name, 'NotImplemented');
    const encrypted = client.send(
      new PutObjectCommand({ Bucket, Key: 'a', Body: '', ServerSideEncryption: 'AES256' }),
    );
    assert.match((await rejectionOf(encrypted)).message, /x-amz-server-side-encryption/);
  }),
);

s3.run();
