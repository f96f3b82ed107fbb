/** By the real client: sessions that go out by proxies, ask for no ads, and stay in their domains. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadRequestError, type Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startClientProxy } from '../../controller/egress/testing/client-proxy.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';
import { filled, startOf } from './support/warm-pool.ts';

const SECRET = 'hunter2-of-the-client';
const OWNERS_SECRET = 'hunter2-of-the-owner';
const PAGE =
  '<img src="http://img.ads.example/x.png"><script src="http://scripts.example/x.js"></script>here';

let wallcrawler: Wallcrawler;
let client: Browserbase;
let proxy: Awaited<ReturnType<typeof startClientProxy>>;
let owners: Awaited<ReturnType<typeof startClientProxy>>;
let folder: string;
const site = http.createServer((_, response) => response.setHeader('content-type', 'text/html').end(PAGE));

const proxies = suite('proxies, ads and domains');

proxies.before(async () => {
  await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  proxy = await startClientProxy(port, { password: SECRET });
  owners = await startClientProxy(port, { password: OWNERS_SECRET });
  folder = mkdtempSync(join(tmpdir(), 'wallcrawler-hosts-'));
  writeFileSync(join(folder, 'hosts'), '0.0.0.0 ads.example\n');
  wallcrawler = await startWallcrawler({
    env: {
      WALLCRAWLER_WARM: '1',
      WALLCRAWLER_AD_HOSTS: join(folder, 'hosts'),
      WALLCRAWLER_PROXY: `http://user:${OWNERS_SECRET}@127.0.0.1:${owners.port}`,
    },
  });
  client = wallcrawler.client();
});

proxies.after(async () => {
  await wallcrawler.dispose();
  proxy.stop();
  owners.stop();
  site.close();
  rmSync(folder, { recursive: true });
});

const own = () => ({
  type: 'external' as const,
  server: `http://127.0.0.1:${proxy.port}`,
  username: 'user',
  password: SECRET,
});

/** What a new session's browser makes of a page; its session when it has ended. */
async function visit(params: Browserbase.SessionCreateParams, url: string) {
  const { data: session, response } = await client.sessions.create(params).withResponse();
  assert.is(response.headers.get('x-wallcrawler-ignored'), null);
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const [page] = browser.contexts()[0]?.pages() ?? [];
  const answered = await page?.goto(url, { waitUntil: 'load' }).then((answer) => answer?.status(), String);
  await browser.close();
  await until(
    'the session ends',
    async () => (await client.sessions.retrieve(session.id)).status !== 'RUNNING',
  );
  return { answered, session: await client.sessions.retrieve(session.id) };
}

const filesBelow = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile());

proxies('are those that a session names, whether its browser waited or not, and are counted', async () => {
  await filled(wallcrawler);
  // Of two at once one finds no browser that waits.
  const visits = await Promise.all([
    visit({ proxies: [own()] }, 'http://first.example/'),
    visit({ proxies: [own()] }, 'http://second.example/'),
  ]);
  assert.equal(
    visits.map(({ answered }) => answered),
    [200, 200],
  );
  assert.equal(visits.map(({ session }) => startOf(wallcrawler, session.id)).sort(), ['cold', 'warm']);
  for (const host of ['first.example', 'second.example'])
    assert.ok(proxy.asked.includes(`GET http://${host}/`), host);
  const counts = visits.map(({ session }) => session.proxyBytes);
  for (const bytes of counts) assert.ok(bytes > 500, `${bytes} bytes`);
  const { proxyBytes } = await client.projects.usage('local');
  assert.is(
    proxyBytes,
    counts.reduce((sum, bytes) => sum + bytes, 0),
  );
});

proxies('are the owner’s, where a session asks for the platform’s', async () => {
  const { answered } = await visit({ proxies: true }, 'http://managed.example/');
  assert.is(answered, 200);
  assert.ok(owners.asked.includes('GET http://managed.example/'));
});

proxies('that cannot be used are a 400, which names the field and no credentials', async () => {
  const bad: readonly [Browserbase.SessionCreateParams, string][] = [
    [
      { proxies: [{ ...own(), server: `ftp://user:${SECRET}@proxy.example` }] },
      'body/proxies/0/server must be',
    ],
    [
      { proxies: [{ type: 'none' }, { ...own(), username: 'a:b' }] },
      'body/proxies/1/username must have no colon',
    ],
    [{ proxies: [{ ...own(), domainPattern: '(a+)+' }] }, 'body/proxies/0/domainPattern must be a domain'],
    [
      { browserSettings: { allowedDomains: ['https://a.example'] } },
      'body/browserSettings/allowedDomains/0 must be',
    ],
  ];
  for (const [params, words] of bad) {
    const error = await client.sessions.create(params).catch((thrown: unknown) => thrown);
    assert.instance(error, BadRequestError);
    assert.match((error as Error).message, words);
    assert.not.match((error as Error).message, SECRET);
  }
});

proxies('leave ads unasked, and pages where they may be', async () => {
  const settings = { blockAds: true, allowedDomains: ['example'] };
  const asking = { proxies: [own()], browserSettings: settings };
  assert.is((await visit(asking, 'http://page.example/')).answered, 200);
  assert.ok(proxy.asked.includes('GET http://scripts.example/x.js'), 'all else is asked for');
  assert.match(
    String((await visit(asking, 'http://elsewhere.invalid/')).answered),
    'net::ERR_BLOCKED_BY_CLIENT',
  );
  const plain = { proxies: [own()] };
  assert.not(proxy.asked.some((line) => line.includes('page.example') && line.includes('ads')));
  const before = proxy.asked.filter((line) => line.includes('img.ads.example')).length;
  await visit({ ...plain, browserSettings: { blockAds: true } }, 'http://page.example/');
  assert.is(proxy.asked.filter((line) => line.includes('img.ads.example')).length, before);
  await visit(plain, 'http://page.example/');
  assert.ok(proxy.asked.filter((line) => line.includes('img.ads.example')).length > before);
});

proxies('have credentials that stand nowhere: no file, no list, no environment of a browser', async () => {
  const session = await client.sessions.create({ proxies: [own()], keepAlive: true });
  try {
    const seen = [session, await client.sessions.list(), await client.sessions.retrieve(session.id)];
    assert.not.match(JSON.stringify(seen), SECRET);
    const events = await (await wallcrawler.call(`/v1/sessions/${session.id}/events`)).text();
    assert.not.match(events, SECRET);
    const words = [SECRET, Buffer.from(`user:${SECRET}`).toString('base64')];
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    for (const pid of processes) {
      const environment = readProcess(pid);
      if (!environment.includes(session.id)) continue;
      for (const word of words) assert.not.match(environment, word);
    }
    for (const file of filesBelow(wallcrawler.dataDir)) {
      const text = readFileSync(file, 'latin1');
      for (const word of words) assert.not(text.includes(word), file);
    }
    assert.not.match(wallcrawler.output(), SECRET);
  } finally {
    await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  }
});

/** Of a process that is there: what it was started with. */
function readProcess(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1') + readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

proxies.run();
