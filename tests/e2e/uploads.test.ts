// A file of a client's in a page: by every way up, and no file of the container's.
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page as PlaywrightPage } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createWatcher } from '../../controller/testing/watcher.ts';
import { createSessionRoot } from '../../local/data/session-root.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const PAGE = 'data:text/html,<input type=file id=f multiple>';
const READ = `Promise.all([...document.getElementById('f').files].map(async (file) => [file.name, await file.text()]))`;

let wallcrawler: Wallcrawler;
let session: Awaited<ReturnType<ReturnType<Wallcrawler['client']>['sessions']['create']>>;

const uploads = suite('uploads');
uploads.before(async () => {
  wallcrawler = await startWallcrawler();
  session = await wallcrawler.client().sessions.create({ keepAlive: true });
});
uploads.after(() => wallcrawler?.dispose());

const upload = (name: string, content: string | Uint8Array<ArrayBuffer>, id = session.id) =>
  wallcrawler.client().sessions.uploads.create(id, { file: new File([content], name) });
/** Where the browser is, for whoever has a connectUrl. */
const putUrl = (name: string, connectUrl = session.connectUrl) => {
  const url = new URL(connectUrl.replace(/^ws/, 'http'));
  url.pathname = `${url.pathname.replace(/\/$/, '')}/uploads/${encodeURIComponent(name)}`;
  return url.href;
};
const statusOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 200,
    (error: { status?: number }) => error.status,
  );

/** Chooses a file as Browserbase's guide has it: by a CDP session of Playwright. */
async function choose(page: PlaywrightPage, ...files: string[]): Promise<string | undefined> {
  const cdp = await page.context().newCDPSession(page);
  const { root } = await cdp.send('DOM.getDocument');
  const { nodeId } = await cdp.send('DOM.querySelector', { nodeId: root.nodeId, selector: '#f' });
  const fault = await cdp.send('DOM.setFileInputFiles', { nodeId, files }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  await cdp.detach();
  return fault;
}

uploads('of the SDK are chosen by Playwright, and read by the page', async () => {
  const content = 'März, 100 %\u0000\r\n';
  const { message } = await upload('Größe 1.txt', content);
  assert.is(message, 'The file is /tmp/.uploads/Größe 1.txt');
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = await browser.contexts()[0]?.newPage();
  assert.ok(page);
  await page.goto(PAGE);
  assert.is(await choose(page, '/tmp/.uploads/Größe 1.txt'), undefined);
  assert.equal(await page.evaluate(READ), [['Größe 1.txt', content]]);
  await upload('Größe 1.txt', 'anew');
  await choose(page, '/tmp/.uploads/Größe 1.txt');
  assert.equal(await page.evaluate(READ), [['Größe 1.txt', 'anew']]);

  // What lies on this machine Playwright sends along by itself.
  const folder = await mkdtemp(join(tmpdir(), 'wallcrawler-e2e-uploads-'));
  await writeFile(join(folder, 'mine.txt'), 'mine');
  await page.setInputFiles('#f', [join(folder, 'mine.txt')]);
  assert.equal(await page.evaluate(READ), [['mine.txt', 'mine']]);

  for (const file of [
    '/etc/passwd',
    join(folder, 'mine.txt'),
    '/tmp/.uploads/../../etc/passwd',
    'etc/passwd',
  ])
    assert.match(String(await choose(page, file)), /Only a file of this session can be chosen/, file);
  assert.match(String(await choose(page, '/tmp/.uploads/other')), /No file was uploaded to this session as/);
  assert.equal(await page.evaluate(READ), [['mine.txt', 'mine']], 'nothing was chosen');
  await rm(folder, { recursive: true });
  await browser.close();
});

uploads('by PUT are chosen by Puppeteer, several at once', async () => {
  const big = Buffer.alloc(20_000_000, 'x');
  for (const [name, body] of [
    ['a.txt', 'a'],
    ['big.bin', big],
  ] as const) {
    const answer = await fetch(putUrl(name), { method: 'PUT', body });
    assert.equal(
      [answer.status, await answer.json()],
      [200, { message: `The file is /tmp/.uploads/${name}` }],
    );
  }
  const browser = await puppeteer.connect({ browserWSEndpoint: session.connectUrl });
  const page = await browser.newPage();
  await page.goto(PAGE);
  const input = await page.$('input');
  assert.ok(input);
  await input.uploadFile('/tmp/.uploads/a.txt', '/tmp/.uploads/big.bin');
  const sizes = `[...document.getElementById('f').files].map(({ name, size }) => [name, size])`;
  assert.equal(await page.evaluate(sizes), [
    ['a.txt', 1],
    ['big.bin', 20_000_000],
  ]);
  const refused = await input.uploadFile('/etc/passwd').catch((error: Error) => error.message);
  assert.match(String(refused), /Only a file of this session can be chosen/);
  await browser.disconnect();
});

uploads('are refused by the contract, and leave nothing', async () => {
  const client = wallcrawler.client();
  assert.is(await statusOf(upload('x', 'x', crypto.randomUUID())), 404);
  assert.is(await statusOf(upload('..', 'x')), 400);
  assert.is(await statusOf(upload('large', new Uint8Array(4_400_001))), 413);
  const path = `/v1/sessions/${session.id}/uploads`;
  const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
  assert.is((await wallcrawler.call(path, json)).status, 415);
  const other = await client.sessions.create();
  for (const url of [
    putUrl('x', other.connectUrl.replace(/signingKey=.*/, 'signingKey=x')),
    putUrl('x').replace(/.$/, ''),
  ])
    assert.is((await fetch(url, { method: 'PUT', body: 'x' })).status, 401);
  await client.sessions.update(other.id, { status: 'REQUEST_RELEASE' });
  await until(
    'the other session ends',
    async () => (await client.sessions.retrieve(other.id)).status === 'COMPLETED',
  );
  assert.is(await statusOf(upload('x', 'x', other.id)), 410);
  assert.is((await fetch(putUrl('x', other.connectUrl), { method: 'PUT', body: 'x' })).status, 410);
});

uploads('of a person at a live view come when the page asks for them', async () => {
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = await browser.contexts()[0]?.newPage();
  assert.ok(page);
  await page.goto(PAGE);
  const { debuggerFullscreenUrl: link } = await wallcrawler.client().sessions.debug(session.id);
  const viewer = createWatcher(link.replace(/^http/, 'ws').replace(/\/view$/, '/cast'));
  await viewer.hasPicture();
  await page.click('#f');
  await viewer.isTold('chooser');
  const { id: chooserId } = viewer.told.find((message) => message.type === 'chooser') ?? {};
  assert.ok(chooserId);
  const to = link.replace(/\/view$/, `/files/${chooserId}/von%20mir.txt`);
  const answer = await fetch(to, { method: 'PUT', body: 'content' });
  const { id } = (await answer.json()) as { readonly id: string };
  viewer.send({ type: 'files', chooserId, fileIds: [id] });
  await viewer.isTold('chooser-closed');
  await page.waitForFunction(`document.getElementById('f').files.length === 1`);
  assert.equal(await page.evaluate(READ), [['von mir.txt', 'content']]);
  assert.is((await fetch(to, { method: 'PUT', body: 'late' })).status, 409);
  viewer.close();
  await viewer.closed;
  await browser.close();
});

uploads('that break off leave nothing, and all go with the session', async () => {
  const folder = join(createSessionRoot(wallcrawler.dataDir).path, session.id);
  const stopping = new AbortController();
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1_000_000)) });
  const headers = { 'content-length': '100000000' };
  const init = { method: 'PUT', body, duplex: 'half', headers, signal: stopping.signal } as RequestInit;
  const sending = fetch(putUrl('half.bin'), init).catch((error: Error) => error.name);
  const unfinished = () =>
    readdirSync(join(folder, 'controller')).filter((name) => name.startsWith('upload-'));
  await until('a file begins', async () => unfinished().length > 0);
  stopping.abort();
  assert.is(await sending, 'AbortError');
  await until('what broke off is gone', async () => unfinished().length === 0);
  assert.not(readdirSync(join(folder, 'uploads')).includes('half.bin'));
  await wallcrawler.client().sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  await until('the folder is gone', async () => !existsSync(folder));
});

uploads.run();
