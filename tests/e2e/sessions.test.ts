import type { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

const ended = (id: string) =>
  until(`session ${id} ends`, async () => {
    const session = await client.sessions.retrieve(id);
    return session.status !== 'RUNNING' && session.status !== 'PENDING' && session;
  });

const sessions = suite('sessions');

sessions.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});

sessions.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

sessions('create, navigate, click, screenshot and release with Playwright', async () => {
  const session = await client.sessions.create({
    browserSettings: { viewport: { width: 1024, height: 640 } },
  });
  assert.is(session.status, 'RUNNING');
  assert.is(session.projectId, 'local');
  assert.match(session.connectUrl, /^ws:\/\/127\.0\.0\.1:\d+\/(connect)?\?signingKey=/);

  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = browser.contexts()[0]?.pages()[0] ?? assert.unreachable('a page is open');
  await page?.goto(site.url);
  assert.is(await page?.title(), 'Home');
  assert.equal(await page?.evaluate('[innerWidth, innerHeight]'), [1024, 640]);
  await page?.click('button');
  assert.is(await page?.title(), 'Clicked');
  const picture = await page?.screenshot();
  assert.equal([...(picture?.subarray(0, 4) ?? [])], [0x89, 0x50, 0x4e, 0x47]);

  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  const done = await ended(session.id);
  assert.is(done.status, 'COMPLETED');
  assert.ok(done.endedAt);
  assert.is(done.connectUrl, undefined, 'an ended session has no way in');
});

sessions('Puppeteer drives a session; its browser.close() ends it', async () => {
  const session = await client.sessions.create();
  const browser = await puppeteer.connect({ browserWSEndpoint: session.connectUrl, defaultViewport: null });
  const [page] = await browser.pages();
  await page?.goto(site.url);
  assert.is(await page?.title(), 'Home');
  await browser.close();
  assert.is((await ended(session.id)).status, 'COMPLETED');
});

sessions('retrieve gives a way in while it runs; a list never does', async () => {
  const session = await client.sessions.create();
  const found = await client.sessions.retrieve(session.id);
  assert.ok(found.connectUrl);
  const list = await wallcrawler.call('/v1/sessions');
  const text = await list.text();
  assert.match(text, session.id);
  assert.not.match(text, 'signingKey');
  const browser = await chromium.connectOverCDP(found.connectUrl ?? '');
  await browser.close();
  await ended(session.id);
});

sessions('are found by status and by metadata', async () => {
  const session = await client.sessions.create({ userMetadata: { env: 'staging', nested: { a: 'b' } } });
  const ids = async (query: Browserbase.Sessions.SessionListParams) =>
    (await client.sessions.list(query)).map(({ id }) => id);
  assert.equal(await ids({ q: "user_metadata['env']:'staging'" }), [session.id]);
  assert.equal(await ids({ q: "user_metadata['nested']['a']:'b'", status: 'RUNNING' }), [session.id]);
  assert.equal(await ids({ q: "user_metadata['env']:'other'" }), []);
  assert.not((await ids({ status: 'COMPLETED' })).includes(session.id));
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  await ended(session.id);
  assert.ok((await ids({ status: 'COMPLETED' })).includes(session.id));
});

sessions('give metadata back as they were sent, however odd', async () => {
  let deep: Record<string, unknown> = { end: 'here' };
  for (let level = 0; level < 40; level++) deep = { a: deep };
  const odd: Record<string, unknown>[] = [
    deep,
    { n: 1e300, m: 1e-200, z: -0.5, list: [], none: null, text: '\ud800 \u0000' },
  ];
  for (const userMetadata of odd) {
    const session = await client.sessions.create({ userMetadata });
    const found = await client.sessions.retrieve(session.id);
    assert.equal(found.userMetadata, userMetadata);
    await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
    await ended(session.id);
  }
});

sessions('release twice is no error, and an ended session stays as it is', async () => {
  const session = await client.sessions.create();
  await Promise.all([1, 2, 3].map(() => client.sessions.update(session.id, { status: 'REQUEST_RELEASE' })));
  const done = await ended(session.id);
  const again = await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  assert.is(again.status, 'COMPLETED');
  assert.is(again.endedAt, done.endedAt);
});

sessions('usage counts one minute at least for each session that was ready', async () => {
  const before = await client.projects.usage('local');
  const session = await client.sessions.create();
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  await ended(session.id);
  const after = await client.projects.usage('local');
  assert.is(after.browserMinutes, before.browserMinutes + 1);
});

sessions('names what it does not act on, in the answer and once in the terminal', async () => {
  const body = JSON.stringify({
    browserSettings: { solveCaptchas: true, logSession: false, fingerprint: { os: 1 } },
  });
  for (const round of [1, 2]) {
    const response = await wallcrawler.call('/v1/sessions', { method: 'POST', body });
    const named = response.headers.get('x-wallcrawler-ignored');
    assert.is(named, 'browserSettings.solveCaptchas, browserSettings.fingerprint', `round ${round}`);
    const { id } = (await response.json()) as { id: string };
    await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
    await ended(id);
  }
  assert.is(wallcrawler.output().split('Ignored    browserSettings.solveCaptchas').length, 2);
});

sessions('debug has URIs only, of a page without an address or an icon too', async () => {
  const session = await client.sessions.create();
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const addresses = async () =>
    (await client.sessions.debug(session.id)).pages.map(({ url, faviconUrl }) => [url, faviconUrl]);
  assert.equal(await addresses(), [['about:blank', 'data:,']]);
  const odd = `${site.url}?q={a|b}#one#two`;
  await browser.contexts()[0]?.pages()[0]?.goto(odd);
  assert.equal(await addresses(), [[`${site.url}?q=%7Ba%7Cb%7D#one%23two`, 'data:,']]);
  await browser.close();
  await ended(session.id);
});

sessions('debug lists the real pages with an inspector that works', async () => {
  const session = await client.sessions.create();
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = browser.contexts()[0]?.pages()[0];
  await page?.goto(site.url);
  const live = await client.sessions.debug(session.id);
  assert.equal(
    live.pages.map(({ url, title, faviconUrl }) => ({ url, title, faviconUrl })),
    [{ url: site.url, title: 'Home', faviconUrl: 'data:,' }],
  );
  const inspector = await browser.contexts()[0]?.newPage();
  await inspector?.goto(live.debuggerUrl);
  // The inspector's element tree shows the heading of the inspected page once it is connected.
  await inspector?.locator('.elements-disclosure').getByText('h1').first().waitFor({ timeout: 20_000 });
  assert.is(await inspector?.evaluate('self.origin'), 'null', 'it has an origin of its own');
  for (const url of [live.debuggerUrl, live.debuggerFullscreenUrl, live.wsUrl]) {
    assert.is(new URL(url).hostname, '127.0.0.1', 'no third-party host');
  }
  await browser.close();
  await ended(session.id);
  try {
    await client.sessions.debug(session.id);
    assert.unreachable();
  } catch (error) {
    assert.is((error as { status?: number }).status, 410);
  }
});

sessions('the contract is served', async () => {
  const response = await wallcrawler.call('/openapi.json', { apiKey: null });
  const document = (await response.json()) as { paths: object };
  assert.ok('/v1/sessions' in document.paths);
  assert.not('/internal/sessions/{id}/ready' in document.paths);
});

sessions('a session of a client that lost the answer is found and can be driven', async () => {
  const session = await client.sessions.create({ userMetadata: { job: '42' } });
  const [found] = await client.sessions.list({ q: "user_metadata['job']:'42'" });
  const details = await client.sessions.retrieve(found?.id ?? '');
  const browser = await chromium.connectOverCDP(details.connectUrl ?? '');
  assert.is(browser.contexts().length, 1);
  await browser.close();
  await ended(session.id);
});

sessions.run();
