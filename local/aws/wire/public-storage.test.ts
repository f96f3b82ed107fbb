/** Objects by the one port: presigned for what clients call it, and asked for through whatever stands between. */
import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { SignatureV4 } from '@smithy/signature-v4';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createS3Api } from '../s3/s3-api.ts';
import { closeAtEnd } from '../testing/open-things.ts';
import { CREDENTIALS, REGION, serveServices, withFolder } from '../testing/serve-services.ts';
import { Sha256 } from './verify-signature.ts';

const Bucket = 'test-bucket';
const PUBLIC_URL = 'https://browsers.example/wc/s3';

const clientOf = (endpoint: string) =>
  new S3Client({
    endpoint,
    region: REGION,
    credentials: CREDENTIALS,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });

/** The same S3 by two doors: `own`, and a port where what comes below /wc has lost that, and has another Host. */
const serve = (use: (doors: { own: S3Client; behindProxy: typeof ask }) => Promise<void>) => () =>
  withFolder(async (folder) => {
    const api = createS3Api({
      buckets: [{ name: Bucket, expiry: [], oldVersionDays: null, readableFrom: [] }],
      folder: join(folder, 'store'),
      now: () => new Date(),
    });
    const served = await serveServices({ s3: api });
    const port = createServer(served.storage(PUBLIC_URL)).listen(0, '127.0.0.1');
    await once(port, 'listening');
    closeAtEnd(async () => {
      port.closeAllConnections();
      port.close();
    });
    const own = new S3Client({ ...served.client, forcePathStyle: true });
    const ask = async (url: string, method: string, body = '') => {
      const { pathname, search } = new URL(url);
      return send((port.address() as AddressInfo).port, pathname.replace(/^\/wc/, '') + search, method, body);
    };
    await use({ own, behindProxy: ask });
    own.destroy();
  });

declare function ask(url: string, method: string, body?: string): Promise<{ status: number; text: string }>;

async function send(port: number, path: string, method: string, body: string) {
  const headers = { host: 'upstream.internal:8787', 'content-length': Buffer.byteLength(body) };
  const outgoing = sendRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }).end(body);
  const [response] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode as number, text };
}

const presign = (method: 'PUT' | 'GET', Key: string, url = PUBLIC_URL) =>
  getSignedUrl(
    clientOf(url),
    method === 'PUT' ? new PutObjectCommand({ Bucket, Key }) : new GetObjectCommand({ Bucket, Key }),
    { expiresIn: 60 },
  );

const t = suite('storage by the one port');

t(
  'an object is put and read by URLs that are signed for the public address',
  serve(async ({ own, behindProxy }) => {
    const url = await presign('PUT', 'a b/c+d');
    assert.ok(url.startsWith(`${PUBLIC_URL}/${Bucket}/a%20b/c%2Bd?`), url);
    assert.is((await behindProxy(url, 'PUT', 'content')).status, 200);
    const { Body } = await own.send(new GetObjectCommand({ Bucket, Key: 'a b/c+d' }));
    assert.is(await Body?.transformToString(), 'content');
    assert.equal(await behindProxy(await presign('GET', 'a b/c+d'), 'GET'), { status: 200, text: 'content' });
  }),
);

t(
  'a signature for another object, method, address or path is refused',
  serve(async ({ behindProxy }) => {
    const url = await presign('PUT', 'mine');
    const wrong = [
      await behindProxy(url.replace('/mine?', '/other?'), 'PUT', 'x'),
      await behindProxy(url, 'GET'),
      await behindProxy(url, 'DELETE'),
      await behindProxy(await presign('PUT', 'mine', 'https://elsewhere.example/wc/s3'), 'PUT', 'x'),
      await behindProxy(await presign('PUT', 'mine', 'https://browsers.example/s3'), 'PUT', 'x'),
      await behindProxy(url.replace(/X-Amz-Signature=\w{4}/, 'X-Amz-Signature=0000'), 'PUT', 'x'),
    ];
    for (const { status, text } of wrong) {
      assert.is(status, 403);
      assert.match(text, 'SignatureDoesNotMatch');
    }
  }),
);

t('nothing but a presigned URL of S3 is served', async () =>
  serve(async ({ behindProxy }) => {
    assert.is((await behindProxy(`${PUBLIC_URL}/${Bucket}/mine`, 'GET')).status, 403);
    // Everything else about it is right: the service alone is another one.
    const signer = new SignatureV4({
      service: 'secretsmanager',
      region: REGION,
      credentials: CREDENTIALS,
      sha256: Sha256,
      uriEscapePath: false,
    });
    const { host: hostname, pathname: path } = new URL(PUBLIC_URL);
    const request = {
      method: 'POST',
      protocol: 'https:',
      hostname,
      path: `${path}/x`,
      body: {},
      headers: { host: hostname },
    };
    const { query = {} } = await signer.presign(request, { expiresIn: 60 });
    const url = `${PUBLIC_URL}/x?${new URLSearchParams(query as Record<string, string>)}`;
    const { status, text } = await behindProxy(url, 'POST', '{}');
    assert.is(status, 403);
    assert.match(text, 'Only presigned URLs are served here');
  })(),
);

t.run();
