// What one session can reach of another on the same machine.
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listeningPortsOf } from './support/listening-ports.ts';
import { type Site, startSite } from './support/pages.ts';
import { descendantsOf } from './support/processes.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let site: Site;

const isolation = suite('isolation');

isolation.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
});

isolation.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

isolation('no Chrome of a session listens anywhere', async () => {
  const session = await wallcrawler.client().sessions.create({ keepAlive: true });
  const processes = descendantsOf(wallcrawler.pid);
  const chromes = processes.filter(({ command }) => command.includes('--user-data-dir'));
  assert.ok(chromes.length > 0);
  assert.equal(
    chromes.flatMap(({ pid }) => listeningPortsOf(pid)),
    [],
  );
  const ports = processes.flatMap(({ pid }) => listeningPortsOf(pid));
  assert.ok(ports.includes(Number(new URL(session.connectUrl).port)), 'the controller is found this way');
  await wallcrawler.client().sessions.update(session.id, { status: 'REQUEST_RELEASE' });
});

isolation('a page finds no DevTools on any port of the machine', async () => {
  const client = wallcrawler.client();
  const [attacker, victim] = [await client.sessions.create(), await client.sessions.create()];
  const victims = await chromium.connectOverCDP(victim.connectUrl);
  await victims.contexts()[0]?.pages()[0]?.goto(`${site.url}?the-page-of-the-victim`);
  const ports = descendantsOf(wallcrawler.pid).flatMap(({ pid }) => listeningPortsOf(pid));
  assert.ok(ports.length >= 3, 'two controllers and the stand-ins');

  const browser = await chromium.connectOverCDP(attacker.connectUrl);
  const page = browser.contexts()[0]?.pages()[0] ?? assert.unreachable('a page is open');
  for (const port of new Set([...ports, Number(new URL(wallcrawler.url).port)])) {
    for (const path of ['json/list', 'json/version', 'devtools/inspector.html']) {
      // A port of another protocol does not answer at all.
      const answer = await page?.goto(`http://127.0.0.1:${port}/${path}`).catch(() => null);
      const text = (await answer?.text().catch(() => '')) ?? '';
      assert.not.match(text, 'the-page-of-the-victim');
      assert.not.match(text, 'webSocketDebuggerUrl');
      assert.is.not(answer?.status(), 200, `${port}/${path}`);
    }
  }
  await browser.close();
  await victims.close();
});

isolation('two clients of one session do not disturb each other', async () => {
  const client = wallcrawler.client();
  const one = await client.sessions.create({ keepAlive: true });
  const [first, second] = [
    await chromium.connectOverCDP(one.connectUrl),
    await chromium.connectOverCDP(one.connectUrl),
  ];
  // Both work on the same browser, each by itself.
  const opened = await first.contexts()[0]?.newPage();
  await opened?.goto(site.url);
  await second.contexts()[0]?.pages()[0]?.goto(site.url);
  assert.is(await opened?.title(), 'Home');
  await first.close();
  assert.is(await second.contexts()[0]?.pages()[0]?.title(), 'Home');
  await second.close();
  await client.sessions.update(one.id, { status: 'REQUEST_RELEASE' });
});

isolation.run();
