// A session that names the domains of its pages, in a real Chrome.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connect, type SessionTest, sessionTests } from '../../../controller/testing/session-suite.ts';

const domains = suite('the domains of a session');
const session = sessionTests(domains);

const BLOCKED = 'net::ERR_BLOCKED_BY_CLIENT';
// Chrome resolves them itself, with all that is below.
const SETTINGS = { allowedDomains: ['localhost'] };

/** Each path leads elsewhere in its own way: to `<path>.elsewhere.example`. */
const WAYS: Readonly<Record<string, string>> = {
  meta: '<meta http-equiv="refresh" content="0; url=http://meta.elsewhere.example/">',
  script: "<script>location = 'http://script.elsewhere.example/'</script>",
  form: '<form method="post" action="http://form.elsewhere.example/"></form><script>document.forms[0].submit()</script>',
  open: "<script>open('http://open.elsewhere.example/')</script>",
  opener: "<script>open('http://opener.elsewhere.example/', '', 'noopener')</script>",
  later: "<script>const w = open('about:blank'); w.location = 'http://later.elsewhere.example/'</script>",
  link: '<a target="_blank" href="http://link.elsewhere.example/">x</a><script>document.links[0].click()</script>',
  top: '<iframe src="/top-frame"></iframe>',
  'top-frame': "<script>top.location = 'http://top.elsewhere.example/'</script>",
};

async function startSite() {
  const asked: string[] = [];
  const server = http.createServer(({ url = '', headers: { host = '' } }, response) => {
    asked.push(`${host.replace(/:\d+$/, '')}${url}`);
    const way = url.slice(1);
    if (way === 'redirect')
      return response.writeHead(302, { location: 'http://redirect.elsewhere.example/' }).end();
    if (way === 'hops') return response.writeHead(302, { location: '/redirect' }).end();
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(
      way === 'framed' ? `<iframe src="http://127.0.0.1:${port}/inner"></iframe>` : (WAYS[way] ?? 'here'),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    at: (path: string, host = 'localhost') => `http://${host}:${port}/${path}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const outcome = (going: Promise<{ status(): number } | null>): Promise<string> =>
  going.then((answer) => `answered ${answer?.status()}`, String);

/** All that a client or a page can do to get elsewhere. */
async function goEverywhere(browser: Browser, site: Awaited<ReturnType<typeof startSite>>, refused: Refused) {
  const [page] = (await browser.pages()) as [Page];
  const goto = (url: string) => outcome(page.goto(url));
  for (const host of ['localhost', 'app.localhost']) assert.is(await goto(site.at('', host)), 'answered 200');
  assert.match(await goto(site.at('', '127.0.0.1')), BLOCKED);
  for (const path of ['redirect', 'hops']) assert.match(await goto(site.at(path)), BLOCKED);
  await refused('redirect.elsewhere.example');
  for (const way of ['meta', 'script', 'form', 'open', 'opener', 'later', 'link', 'top']) {
    const opened = await browser.newPage();
    // Some of them are gone before they have come.
    await outcome(opened.goto(site.at(way)));
    await refused(`${way}.elsewhere.example`);
    await opened.close();
  }
  const cdp = await browser.target().createCDPSession();
  await cdp.send('Target.createTarget', { url: 'http://created.elsewhere.example/' });
  await refused('created.elsewhere.example');
  const context = await browser.createBrowserContext();
  assert.match(await outcome((await context.newPage()).goto('http://context.elsewhere.example/')), BLOCKED);
  await page.bringToFront();
  assert.is(await goto('data:text/html,here'), 'answered 200');
  await page.goto('about:blank');
  assert.match(await goto('file:///etc/hostname'), 'net::ERR_');
}

type Refused = (host: string) => Promise<unknown>;
const refusedBy =
  (platform: SessionTest['platform']): Refused =>
  (host) =>
    platform.called('events', ({ body }) =>
      JSON.stringify(body).includes(`{"host":"${host}","port":80,"reason":"domain"}`),
    );

for (const isWarm of [false, true]) {
  session(`bind its pages${isWarm ? ' after a claim, too' : ''}`, async ({ start, platform }) => {
    const site = await startSite();
    try {
      const controller = await start({ settings: SETTINGS, isWarm });
      if (isWarm) assert.is((await controller.claim()).status, 200);
      const browser = await connect(controller);
      await goEverywhere(browser, site, refusedBy(platform));
      assert.equal(
        site.asked.filter((line) => !/^(app\.)?localhost\//.test(line)),
        [],
      );
      await browser.close();
      await controller.exited;
    } finally {
      site.stop();
    }
  });
}

session('do not bind what is in its pages, nor the routes of a client', async ({ start }) => {
  const site = await startSite();
  const controller = await start({ settings: SETTINGS });
  const browser = await chromium.connectOverCDP((await controller.ready()).connectUrl);
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(site.at('framed'));
    assert.equal(
      page.frames().map((frame) => new URL(frame.url()).hostname),
      ['localhost', '127.0.0.1'],
    );
    assert.is(await page.frames()[1]?.textContent('body'), 'here');
    await page.route('**/*', (route) => route.continue());
    assert.is(await outcome(page.goto(site.at('routed'))), 'answered 200');
    assert.match(await outcome(page.goto(site.at('routed', '127.0.0.1'))), BLOCKED);
    assert.not(site.asked.includes('127.0.0.1/routed'));
  } finally {
    await browser.close();
    site.stop();
  }
  await controller.exited;
});

domains.run();
