/** What a session's browser downloads: kept whole, by whatever client and context, and given out while it runs and after. */
import { createHash } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browserbase } from '@browserbasehq/sdk';
import { unzipSync } from 'fflate';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CdpClient, connectCdp } from './support/cdp.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const EMPTY_ZIP_BYTES = 22;
const REPORT = Buffer.from('id,name\n1,one\n'.repeat(20_000));
const SLOW_MS = 4_000;
const files = suite('the downloads of a session');
let machine: Wallcrawler;
let client: Browserbase;
let site: Server;
let origin: string;

files.before(async () => {
  site = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/tab/')) return response.end(linksOf(path.slice('/tab/'.length)));
    if (path.startsWith('/same/')) return sendAs('same.csv', response, sameOf(path));
    if (request.url === '/slow') return trickle(response, () => response.end('the end'));
    if (request.url === '/stalled') return trickle(response, () => {});
    if (request.url === '/') return response.end('<a id=report href=/report>report</a>');
    return sendAs('report one.csv', response, REPORT);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  machine = await startWallcrawler();
  client = machine.client();
});
const AT_ONCE = 3;
const sameOf = (path: string): Buffer => Buffer.from(`${path}\n`.repeat(50_000));
const pathsOf = (who: string) => Array.from({ length: AT_ONCE }, (_, index) => `/same/${who}/${index}`);
/** A page that downloads files of one name at once, when its button is clicked. */
const linksOf = (who: string): string =>
  `<button onclick="for (const a of document.querySelectorAll('a')) a.click()">all</button>${pathsOf(who)
    .map((path) => `<a href="${path}" download>${path}</a>`)
    .join('')}`;

function sendAs(name: string, response: ServerResponse, content: Buffer): void {
  response.writeHead(200, {
    'content-type': 'text/csv',
    'content-disposition': `attachment; filename="${name}"`,
  });
  response.end(content);
}

/** A download whose bytes come slowly, and what comes after them. */
function trickle(response: ServerResponse, then: () => void): void {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="slow.bin"`,
  });
  const untilMs = Date.now() + SLOW_MS;
  const timer = setInterval(() => {
    if (Date.now() < untilMs) return response.write(Buffer.alloc(50_000, 's'));
    clearInterval(timer);
    return then();
  }, 250);
  response.once('close', () => clearInterval(timer));
}

files.after(async () => {
  site?.closeAllConnections();
  site?.close();
  await machine?.dispose();
});

const ask = async (method: string, path: string) => {
  const response = await machine.call(path, { method });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};
const listed = async (
  sessionId: string,
): Promise<{ id: string; filename: string; size: number; checksum: string }[]> => {
  const { status, body } = await ask('GET', `/v1/downloads?sessionId=${sessionId}`);
  assert.is(status, 200);
  return body.downloads;
};
const untilListed = (sessionId: string, count: number) =>
  until(`${count} downloads are listed`, async () => (await listed(sessionId)).length === count);
const zipOf = async (sessionId: string): Promise<Uint8Array> =>
  new Uint8Array(await (await client.sessions.downloads.list(sessionId)).arrayBuffer());

files('are an empty zip at first, then each file whole, whoever asked for it', async () => {
  const session = await client.sessions.create();
  const first = await connectCdp(session.connectUrl);
  assert.is((await zipOf(session.id)).byteLength, EMPTY_ZIP_BYTES);

  // A client that says where downloads go, in the default context, and leaves.
  const leaving = await connectCdp(session.connectUrl);
  const behavior = { behavior: 'allow', downloadPath: 'downloads', eventsEnabled: true };
  await leaving.send('Browser.setDownloadBehavior', behavior);
  await leaving.close();

  // In that context without asking for anything, in one of Playwright's, and in one of Puppeteer's.
  const byPlaywright = await chromium.connectOverCDP(session.connectUrl);
  const contexts = [byPlaywright.contexts()[0], await byPlaywright.newContext()];
  for (const context of contexts) {
    const page = await context?.newPage();
    await page?.goto(origin);
    const [download] = await Promise.all([page?.waitForEvent('download'), page?.click('#report')]);
    assert.is(download?.suggestedFilename(), 'report one.csv');
  }
  const byPuppeteer = await puppeteer.connect({ browserWSEndpoint: session.connectUrl });
  const page = await (await byPuppeteer.createBrowserContext()).newPage();
  await page.goto(origin);
  await page.click('#report');
  await untilListed(session.id, 3);

  const entries = unzipSync(await zipOf(session.id));
  assert.is(Object.keys(entries).length, 3);
  for (const [name, content] of Object.entries(entries)) {
    assert.match(name, /^report one-\d{13}\.csv$/);
    assert.ok(REPORT.equals(content), name);
  }

  // A page that nobody watches, right before the session is released.
  await first.send('Target.createTarget', { url: `${origin}/report` });
  await untilListed(session.id, 4);
  await byPuppeteer.disconnect();
  await byPlaywright.close();
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  await first.closed;
  await until(
    'the session has ended',
    async () => (await client.sessions.retrieve(session.id)).status === 'COMPLETED',
  );
  assert.is(Object.keys(unzipSync(await zipOf(session.id))).length, 4);
  await single(session.id);
  await deleting(session.id);
});

async function single(sessionId: string) {
  const [one = assert.unreachable() as never] = await listed(sessionId);
  assert.is(one.checksum, createHash('sha256').update(REPORT).digest('hex'));
  const { body } = await ask('GET', `/v1/downloads/${one.id}`);
  assert.equal(body, one);
  const response = await fetch(`${machine.url}/v1/downloads/${one.id}`, {
    headers: { 'x-bb-api-key': machine.apiKey, accept: 'application/octet-stream' },
  });
  assert.ok(REPORT.equals(Buffer.from(await response.arrayBuffer())));
  assert.match(
    response.headers.get('content-disposition') ?? '',
    /^attachment; filename="report one-\d+\.csv"/,
  );
  const other = await ask('GET', '/v1/downloads?sessionId=00000000-0000-4000-8000-000000000000');
  assert.is(other.status, 404);
  const filtered = await ask('GET', `/v1/downloads?sessionId=${sessionId}&minSize=${one.size + 1}`);
  assert.equal(filtered.body, { downloads: [], total: 0, limit: 20, offset: 0 });
}

async function deleting(sessionId: string) {
  const [one] = await listed(sessionId);
  assert.is((await ask('DELETE', `/v1/downloads/${one?.id}`)).status, 204);
  assert.is((await ask('GET', `/v1/downloads/${one?.id}`)).status, 404);
  assert.is((await listed(sessionId)).length, 3);
  assert.is((await ask('DELETE', `/v1/sessions/${sessionId}/downloads`)).status, 204);
  assert.is((await zipOf(sessionId)).byteLength, EMPTY_ZIP_BYTES);
}

const endedOf = (sessionId: string) =>
  until(
    'the session has ended',
    async () => (await client.sessions.retrieve(sessionId)).status === 'COMPLETED',
    40_000,
  );
const failedOf = async (sessionId: string): Promise<{ data: { filename: string; reason: string } }[]> =>
  (await ask('GET', `/v1/sessions/${sessionId}/events?category=download`)).body.filter(
    ({ type }: { type: string }) => type === 'download.failed',
  );

/** A session that downloads one file slowly and one that stalls, as it ends by `end`. */
async function endWhileDownloading(end: (id: string, clients: readonly CdpClient[]) => Promise<unknown>) {
  const { id, connectUrl } = await client.sessions.create();
  const clients = await Promise.all([connectCdp(connectUrl), connectCdp(connectUrl)]);
  const [browser, events] = clients;
  let running = 0;
  events.onEvent(({ method }) => {
    if (method === 'Browser.downloadWillBegin') running += 1;
  });
  const behavior = { behavior: 'allow', downloadPath: 'downloads', eventsEnabled: true };
  await events.send('Browser.setDownloadBehavior', behavior);
  for (const path of ['slow', 'stalled'])
    await browser.send('Target.createTarget', { url: `${origin}/${path}` });
  await until('both run', async () => running === 2);
  await end(id, clients);
  await endedOf(id);
  const [one, ...more] = await listed(id);
  assert.is(more.length, 0);
  const content = Object.values(unzipSync(await zipOf(id)))[0] as Uint8Array;
  assert.ok(Buffer.from(content).toString().endsWith('the end'));
  assert.is(one?.checksum, createHash('sha256').update(content).digest('hex'));
  const failed = await failedOf(id);
  assert.equal(
    failed.map(({ data }) => [data.filename, data.reason]),
    [['slow.bin', 'the session ended before it was whole']],
  );
}

files('that run when their session ends are stored whole, or named in its events', async () => {
  await Promise.all([
    endWhileDownloading((id) => client.sessions.update(id, { status: 'REQUEST_RELEASE' })),
    endWhileDownloading((_, clients) => Promise.all(clients.map((each) => each.close()))),
  ]);
});

files('of two clients, on tabs and in contexts of their own, are all kept: one name, at once', async () => {
  const { id, connectUrl } = await client.sessions.create();
  const playwright = await chromium.connectOverCDP(connectUrl);
  const puppet = await puppeteer.connect({ browserWSEndpoint: connectUrl });
  const tabs = {
    'playwright-tab': await playwright.contexts()[0]?.newPage(),
    'playwright-context': await (await playwright.newContext()).newPage(),
    'puppeteer-tab': await puppet.newPage(),
    'puppeteer-context': await (await puppet.createBrowserContext()).newPage(),
  };
  const each = Object.entries(tabs);
  for (const [who, tab] of each) await tab?.goto(`${origin}/tab/${who}`);
  await Promise.all(each.map(([, tab]) => tab?.click('button')));
  await untilListed(id, each.length * AT_ONCE);
  await puppet.disconnect();
  await playwright.close();
  await endedOf(id);

  const texts = (contents: readonly Uint8Array[]) =>
    contents.map((one) => Buffer.from(one).toString()).sort();
  const expected = each.flatMap(([who]) => pathsOf(who).map(sameOf));
  assert.equal(texts(Object.values(unzipSync(await zipOf(id)))), texts(expected));
  const rows = await client.sessions.logs.list(id);
  const pageOf = (who: string) =>
    rows.find(
      ({ method, request }) => method === 'Page.navigate' && request?.params?.url === `${origin}/tab/${who}`,
    )?.pageId;
  const pages = each.map(([who]) => pageOf(who));
  assert.is(new Set(pages).size, each.length, `the log has each under a page of its own: ${pages}`);
  assert.not(pages.includes(undefined));
});

files.run();
