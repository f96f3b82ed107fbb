import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
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
import { SignatureV4 } from '@smithy/signature-v4';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exchangeBytes } from '../../../core/testing/cut-bodies.ts';
import { awaitCondition } from '../testing/await-condition.ts';
import { CREDENTIALS, REGION, rejectionOf, serveServices, withFolder } from '../testing/serve-services.ts';
import { Sha256 } from '../wire/verify-signature.ts';
import { createS3Api } from './s3-api.ts';

const s3 = suite('S3');
const Bucket = 'test-bucket';
const OTHER_BUCKET = 'test-recordings';
const MAX_OBJECT_BYTES = 1_000_000;

const serve = (use: (machine: Machine) => Promise<void>) => () =>
  withFolder(async (folder) => {
    let now = new Date();
    const api = createS3Api({
      buckets: [Bucket, OTHER_BUCKET].map((name) => ({
        name,
        expiry: [],
        oldVersionDays: null,
        readableFrom: name === Bucket ? ['*'] : [],
      })),
      folder: join(folder, 'store'),
      maxObjectBytes: MAX_OBJECT_BYTES,
      now: () => now,
    });
    const served = await serveServices({ s3: api }, { now: () => now });
    // As presigned uploads need it: otherwise the SDK signs the checksum of an empty body into the URL.
    const client = new S3Client({ ...served.client, requestChecksumCalculation: 'WHEN_REQUIRED' });
    const setNow = (date: Date) => {
      now = date;
    };
    try {
      await use({ client, folder, setNow });
    } finally {
      client.destroy();
      await served.close();
    }
  });

interface Machine {
  client: S3Client;
  folder: string;
  setNow(date: Date): void;
}

const read = async (client: S3Client, Key: string): Promise<string | undefined> =>
  (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

s3(
  'keeps an object, and replaces it',
  serve(async ({ client }) => {
    const put = await client.send(new PutObjectCommand({ Bucket, Key: 'a/b.gz', Body: 'one' }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a/b.gz' }));
    assert.is(await got.Body?.transformToString(), 'one');
    assert.is(got.ETag, put.ETag);
    await client.send(new PutObjectCommand({ Bucket, Key: 'a/b.gz', Body: '' }));
    const replaced = await client.send(new GetObjectCommand({ Bucket, Key: 'a/b.gz' }));
    assert.is(replaced.ContentLength, 0);
    assert.not.equal(replaced.ETag, put.ETag);
    assert.is(await read(client, 'a/b.gz'), '');
  }),
);

s3(
  'puts an object only where the one is that a condition names',
  serve(async ({ client }) => {
    const put = (Body: string, condition: object) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'k', Body, ...condition }));
    assert.is((await rejectionOf(put('x', { IfMatch: '"0"' }))).name, 'NoSuchKey');
    const { ETag } = await put('first', { IfNoneMatch: '*' });
    assert.is((await rejectionOf(put('x', { IfNoneMatch: '*' }))).name, 'PreconditionFailed');
    assert.is((await rejectionOf(put('x', { IfMatch: '"0"' }))).name, 'PreconditionFailed');
    assert.is(await read(client, 'k'), 'first');
    await put('second', { IfMatch: ETag });
    assert.is(await read(client, 'k'), 'second');
    assert.is((await rejectionOf(put('x', { IfNoneMatch: '"0"' }))).name, 'NotImplemented');
  }),
);

s3(
  'takes one of many that are put at once on the same condition',
  serve(async ({ client }) => {
    const puts = Array.from({ length: 10 }, (_, n) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: `${n}`.repeat(10_000), IfNoneMatch: '*' })),
    );
    const outcomes = await Promise.allSettled(puts);
    assert.is(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.match((await read(client, 'k')) ?? '', /^(\d)\1{9999}$/);
  }),
);

s3(
  'keeps what who put an object says about it',
  serve(async ({ client }) => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Metadata: { by: 'me' } }));
    assert.equal((await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).Metadata, { by: 'me' });
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    assert.equal((await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).Metadata, {});
  }),
);

s3(
  'says that a key is not there, and deletes',
  serve(async ({ client }) => {
    assert.is((await rejectionOf(read(client, 'none'))).name, 'NoSuchKey');
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
    assert.is(readdirSync(join(folder, 'store/objects', Bucket)).length, keys.length);
    assert.not(existsSync(join(folder, 'escape')));
    assert.ok(Math.abs(readdirSync(dirname(folder)).length - before) < 5);
    const tooLong = client.send(new PutObjectCommand({ Bucket, Key: 'k'.repeat(1025), Body: '' }));
    assert.is((await rejectionOf(tooLong)).name, 'KeyTooLongError');
  }),
);

s3(
  'opens presigned URLs as signed: their method, their key, their time',
  serve(async ({ client, setNow }) => {
    const putUrl = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'x y' }), {
      expiresIn: 60,
    });
    const getUrl = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'x y' }), {
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
  'leaves the old object in place when an upload breaks off, and nothing else',
  serve(async ({ client, folder }) => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'profile', Body: 'old' }));
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'profile' }), {
      expiresIn: 60,
    });
    const unfinished = join(folder, 'store/unfinished');
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
  'refuses what is too large in words, also to who sends all of it before it reads',
  serve(async ({ client }) => {
    const { host, pathname, search } = new URL(
      await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'big' }), { expiresIn: 60 }),
    );
    const bytes = 24 * 1024 * 1024;
    const head = `PUT ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-length: ${bytes}\r\n\r\n`;
    const { text, ends } = await exchangeBytes(Number(host.split(':')[1]), [head, Buffer.alloc(bytes)]);
    assert.match(text, /^HTTP\/1\.1 400 [\s\S]*<Code>EntityTooLarge<\/Code>/);
    assert.is(ends, 'ended');
  }),
);

s3(
  'refuses what is too large or of unknown length',
  serve(async ({ client }) => {
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'big' }), {
      expiresIn: 60,
    });
    const large = await fetch(url, { method: 'PUT', body: Buffer.alloc(MAX_OBJECT_BYTES + 1) });
    assert.match(await large.text(), /EntityTooLarge/);
    const body = Readable.toWeb(Readable.from([Buffer.from('x')]));
    const unknown = await fetch(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
    assert.is(unknown.status, 411);
  }),
);

s3(
  'lists the objects below a prefix in the order of their keys, as they are by then',
  serve(async ({ client }) => {
    const list = async (Prefix: string) => {
      const { Contents = [], IsTruncated } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
      assert.is(IsTruncated, false);
      return Contents.map(({ Key, Size }) => [Key, Size]);
    };
    const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
    await put('logs/b', '12');
    assert.equal(await list('logs/'), [['logs/b', 2]]);
    for (const key of ['logs/a&<', 'logs/c', 'other/a']) await put(key, '1');
    await put('logs/b', '123');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'logs/c' }));
    assert.equal(await list('logs/'), [
      ['logs/a&<', 1],
      ['logs/b', 3],
    ]);
    assert.equal(await list('none/'), []);
  }),
);

const UNSUPPORTED = {
  'the parameter uploads': new CreateMultipartUploadCommand({ Bucket, Key: 'a' }),
  'the parameter delimiter': new ListObjectsV2Command({ Bucket, Delimiter: '/' }),
  'the header if-match': new GetObjectCommand({ Bucket, Key: 'a', IfMatch: 'x' }),
  'the header content-encoding': new PutObjectCommand({
    Bucket,
    Key: 'a',
    Body: '',
    ContentEncoding: 'gzip',
  }),
  'the header x-amz-server-side-encryption': new PutObjectCommand({
    Bucket,
    Key: 'a',
    Body: '',
    ServerSideEncryption: 'AES256',
  }),
  'the header x-amz-storage-class': new PutObjectCommand({
    Bucket,
    Key: 'a',
    Body: '',
    StorageClass: 'GLACIER',
  }),
  'the header x-amz-checksum-sha256': new PutObjectCommand({
    Bucket,
    Key: 'a',
    Body: '',
    ChecksumSHA256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  }),
};
for (const [what, command] of Object.entries(UNSUPPORTED)) {
  s3(
    `says that it does not support ${what}`,
    serve(async ({ client }) => {
      const error = await rejectionOf(client.send(command as PutObjectCommand));
      assert.is(error.name, 'NotImplemented');
      assert.is(error.message, `This stand-in does not support ${what}`);
      assert.is(error.$metadata?.httpStatusCode, 501);
    }),
  );
}

s3(
  'tells the size of an object without its content, and of none that there is none',
  serve(async ({ client }) => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'seven b' }));
    assert.is((await client.send(new HeadObjectCommand({ Bucket, Key: 'key' }))).ContentLength, 7);
    const head = await rejectionOf(client.send(new HeadObjectCommand({ Bucket, Key: 'none' })));
    assert.equal([head.name, head.$metadata?.httpStatusCode], ['NotFound', 404]);
  }),
);

s3(
  'gives out a range of an object, as players ask for it, and none that is not there',
  serve(async ({ client }) => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'key', Body: '0123456789' }));
    const rangeOf = async (Range: string) => {
      const { Body, ContentRange } = await client.send(new GetObjectCommand({ Bucket, Key: 'key', Range }));
      return [await Body?.transformToString(), ContentRange];
    };
    assert.equal(await rangeOf('bytes=2-4'), ['234', 'bytes 2-4/10']);
    assert.equal(await rangeOf('bytes=8-99'), ['89', 'bytes 8-9/10']);
    assert.equal(await rangeOf('bytes=7-'), ['789', 'bytes 7-9/10']);
    for (const Range of ['bytes=10-', 'bytes=5-4'])
      assert.is(
        (await rejectionOf(client.send(new GetObjectCommand({ Bucket, Key: 'key', Range })))).name,
        'InvalidRange',
      );
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'key' }));
    const { headers } = await fetch(url);
    const restOf = (etag: string) => fetch(url, { headers: { range: 'bytes=7-', 'if-range': etag } });
    assert.is(await (await restOf(headers.get('etag') ?? '')).text(), '789');
    assert.is(await (await restOf('"another"')).text(), '0123456789');
    const several = new GetObjectCommand({ Bucket, Key: 'key', Range: 'bytes=0-1,3-4' });
    assert.is((await rejectionOf(client.send(several))).name, 'NotImplemented');
  }),
);

s3(
  'lets pages of other origins read what its bucket says, by a URL that was signed',
  serve(async ({ client }) => {
    const allowed = [Bucket, OTHER_BUCKET].map(async (each) => {
      await client.send(new PutObjectCommand({ Bucket: each, Key: 'key', Body: 'x' }));
      const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: each, Key: 'key' }));
      const { headers } = await fetch(url, { headers: { origin: 'https://player.example' } });
      return headers.get('access-control-allow-origin');
    });
    assert.equal(await Promise.all(allowed), ['*', null]);
    const preflights = [
      [Bucket, 'GET'],
      [Bucket, 'PUT'],
      [OTHER_BUCKET, 'GET'],
    ].map(async ([each = '', method = '']) => {
      const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: each, Key: 'key' }));
      const headers = {
        origin: 'https://player.example',
        'access-control-request-method': method,
        'access-control-request-headers': 'range',
      };
      const answer = await fetch(url, { method: 'OPTIONS', headers });
      return [answer.status, answer.headers.get('access-control-allow-headers')];
    });
    assert.equal(await Promise.all(preflights), [
      [200, 'range'],
      [403, null],
      [403, null],
    ]);
  }),
);

s3(
  'keeps the same key in two buckets apart',
  serve(async ({ client }) => {
    for (const each of [Bucket, OTHER_BUCKET]) {
      await client.send(new PutObjectCommand({ Bucket: each, Key: 'same', Body: `of ${each}` }));
    }
    assert.is(await read(client, 'same'), `of ${Bucket}`);
    await client.send(new DeleteObjectCommand({ Bucket: OTHER_BUCKET, Key: 'same' }));
    assert.is(await read(client, 'same'), `of ${Bucket}`);
  }),
);

for (const [when, earlier] of [
  ['there was one bucket', 'objects'],
  ['each bucket had a folder of its own', `${Bucket}/objects`],
] as const) {
  s3(`finds the objects of the time when ${when}`, () =>
    withFolder(async (folder) => {
      const open = async () => {
        const api = createS3Api({
          buckets: [{ name: Bucket, expiry: [], oldVersionDays: null, readableFrom: [] }],
          folder,
          now: () => new Date(),
        });
        const served = await serveServices({ s3: api });
        const client = new S3Client({ ...served.client, requestChecksumCalculation: 'WHEN_REQUIRED' });
        return { client, close: served.close };
      };
      const before = await open();
      await before.client.send(new PutObjectCommand({ Bucket, Key: 'profile', Body: 'old' }));
      await before.close();
      renameSync(join(folder, 'objects', Bucket), join(folder, 'aside'));
      rmSync(join(folder, 'objects'), { recursive: true });
      mkdirSync(join(folder, earlier, '..'), { recursive: true });
      renameSync(join(folder, 'aside'), join(folder, earlier));
      const after = await open();
      assert.is(await read(after.client, 'profile'), 'old');
      assert.equal(readdirSync(folder).sort(), ['objects', 'unfinished']);
      await after.close();
    }),
  );
}

s3(
  'refuses a body that is not the one that was signed, and keeps nothing of it',
  serve(async ({ client }) => {
    const { endpoint } = client.config;
    const { protocol = 'http:', hostname = '', port = 0 } = (await endpoint?.()) ?? {};
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const signer = new SignatureV4({
      service: 's3',
      region: REGION,
      credentials: CREDENTIALS,
      sha256: Sha256,
      uriEscapePath: false,
    });
    const host = `${hostname}:${port}`;
    const headers = { host, 'x-amz-content-sha256': sha256('signed') };
    const request = { method: 'PUT', protocol, hostname, path: `/${Bucket}/sum`, query: {}, headers };
    const signed = (await signer.sign(request)).headers;
    const put = (body: string) =>
      fetch(`${protocol}//${host}/${Bucket}/sum`, { method: 'PUT', body, headers: signed });
    assert.match(await (await put('other')).text(), /XAmzContentSHA256Mismatch/);
    assert.is((await rejectionOf(read(client, 'sum'))).name, 'NoSuchKey');
    assert.is((await put('signed')).status, 200);
  }),
);

s3.run();
