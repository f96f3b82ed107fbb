/** An extension of more than a create takes: its zip goes to the store by a signed URL, and becomes an extension then. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { type Browserbase, toFile } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildZip } from '../../core/extension-zip/testing/build-zip.ts';
import { runAdmin } from '../e2e/support/admin.ts';
import { type Site, startSite } from '../e2e/support/pages.ts';
import {
  finishUpload,
  type StartedUpload,
  startUpload,
  uploadExtension,
} from '../e2e/support/upload-extension.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const MIB = 1024 * 1024;
const MANIFEST = {
  manifest_version: 3,
  name: 'Marks pages',
  version: '1.0',
  content_scripts: [{ matches: ['<all_urls>'], js: ['mark.js'] }],
};
/** With so many bytes that no packer makes smaller. */
const zipOf = (fillerBytes: number): Buffer =>
  buildZip([
    { name: 'manifest.json', content: JSON.stringify(MANIFEST) },
    { name: 'mark.js', content: 'document.documentElement.dataset.mark = chrome.runtime.id' },
    { name: 'model.bin', content: randomBytes(fillerBytes), isStored: true },
  ]);

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

const large = suite('a large extension');

large.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});

large.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

const startOf = async (sizeBytes: number) =>
  (await (await startUpload(wallcrawler, sizeBytes)).json()) as StartedUpload;
const messageOf = async (answer: Response) => ((await answer.json()) as { readonly message: string }).message;
async function keyOfAnotherProject(): Promise<string> {
  await runAdmin(wallcrawler.dataDir, 'projects', 'create', '--name', 'other', '--id', 'other');
  const { output } = await runAdmin(wallcrawler.dataDir, 'keys', 'create', '--project', 'other');
  return output.trim().split('\n').at(-1) ?? '';
}

const put = (url: string, body: Buffer) => fetch(url, { method: 'PUT', body: new Uint8Array(body) });

large('is named its way by the 413 of a create', async () => {
  const zip = await toFile(zipOf(4_500_000), 'large.zip');
  const fault = (await client.extensions.create({ file: zip }).catch((error: unknown) => error)) as Error & {
    status: number;
  };
  assert.is(fault.status, 413);
  assert.match(fault.message, 'POST /v1/extensions/uploads');
});

large('of 99 MiB acts in a session, and nothing of it stays where functions work', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('extension-'));
  const made = await uploadExtension(wallcrawler, zipOf(99 * MIB), 'large.zip');
  assert.is(made.fileName, 'large.zip');
  assert.equal(await client.extensions.retrieve(made.id), made);
  assert.equal(
    readdirSync(tmpdir()).filter((name) => name.startsWith('extension-')),
    before,
  );
  const session = await client.sessions.create({ extensionId: made.id });
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = browser.contexts()[0]?.pages()[0] ?? assert.unreachable('a page is open');
  await page?.goto(site.url);
  assert.match(String(await page?.evaluate('document.documentElement.dataset.mark')), /^[a-p]{32}$/);
  await browser.close();
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  await client.extensions.delete(made.id);
});

large('is asked for with a size, of at most 100 MiB', async () => {
  for (const sizeBytes of [0, -1, 1.5, 100 * MIB + 1]) {
    assert.is((await startUpload(wallcrawler, sizeBytes)).status, 400, `${sizeBytes}`);
  }
  assert.is((await startUpload(wallcrawler, 100 * MIB)).status, 201);
});

large('is stored by as many bytes as were announced, and by no other request', async () => {
  const zip = zipOf(10_000);
  const { id, uploadUrl } = await startOf(zip.length);
  for (const wrong of [Buffer.concat([zip, Buffer.from('x')]), zip.subarray(1), Buffer.alloc(0)])
    assert.is((await put(uploadUrl, wrong)).status, 403);
  assert.is((await fetch(uploadUrl)).status, 403, 'the URL reads nothing');
  assert.is((await fetch(uploadUrl, { method: 'DELETE' })).status, 403);
  const other = new URL(uploadUrl);
  other.pathname = other.pathname.replace('extension-uploads', 'extensions');
  assert.is((await put(other.href, zip)).status, 403, 'nor does it write elsewhere');
  assert.is((await finishUpload(wallcrawler, id)).status, 404);
});

large('of which half is sent is none', async () => {
  const zip = zipOf(MIB);
  const { id, uploadUrl } = await startOf(zip.length);
  await breakOff(uploadUrl, zip.subarray(0, zip.length / 2), zip.length);
  const finished = await finishUpload(wallcrawler, id);
  assert.is(finished.status, 404);
  assert.match(await messageOf(finished), `No upload ${id} in this project`);
  // The URL is as good as before.
  assert.is((await put(uploadUrl, zip)).status, 200);
  assert.is((await finishUpload(wallcrawler, id)).status, 200);
});

/** Resolves when the connection is gone, of which the announced length has not come. */
function breakOff(url: string, body: Buffer, length: number): Promise<void> {
  return new Promise((resolve) => {
    const sending: ClientRequest = request(url, { method: 'PUT', headers: { 'content-length': length } });
    sending.on('error', () => undefined);
    sending.once('close', resolve);
    sending.write(body, () => sending.destroy());
  });
}

large('is finished once, however often it is asked for, at the same moment too', async () => {
  const zip = zipOf(50_000);
  const { id, uploadUrl } = await startOf(zip.length);
  await put(uploadUrl, zip);
  const answers = await Promise.all(
    ['a.zip', 'b.zip', 'c.zip'].map((name) => finishUpload(wallcrawler, id, name)),
  );
  assert.equal(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  const names = new Set(
    await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { fileName: string }).fileName),
    ),
  );
  assert.is(names.size, 1);
  assert.is((await finishUpload(wallcrawler, id, 'd.zip')).status, 200);
  await client.extensions.delete(id);
  assert.is((await finishUpload(wallcrawler, id)).status, 404, 'what was deleted does not come back');
});

large('of one project is nothing to another', async () => {
  const apiKey = await keyOfAnotherProject();
  const zip = zipOf(1_000);
  const { id, uploadUrl } = await startOf(zip.length);
  await put(uploadUrl, zip);
  assert.is((await finishUpload(wallcrawler, id, 'stolen.zip', apiKey)).status, 404);
  assert.is((await finishUpload(wallcrawler, id)).status, 200);
  assert.is((await finishUpload(wallcrawler, id, 'stolen.zip', apiKey)).status, 404);
});

large('that is none is said so, and can be sent again', async () => {
  const zip = zipOf(1_000);
  const { id, uploadUrl } = await startOf(zip.length);
  await put(uploadUrl, randomBytes(zip.length));
  const refused = await finishUpload(wallcrawler, id);
  assert.is(refused.status, 400);
  assert.match(
    await messageOf(refused),
    'the upload must be the zip of an extension: it cannot be read as a zip',
  );
  await put(uploadUrl, zip);
  assert.is((await finishUpload(wallcrawler, id)).status, 200);
});

large.run();
