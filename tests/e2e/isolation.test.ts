// What one session can reach of another on the same machine.
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CdpClient, connectCdp } from './support/cdp.ts';
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
  const controllers = processes.filter(({ command }) => command.includes('--session-folder='));
  const heard = controllers.flatMap(({ pid }) => listeningPortsOf(pid));
  assert.ok(heard.length > 0, 'the controller’s port is found this way');
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

isolation('nothing crosses from one session to another: cookies, storage, cache', async () => {
  const client = wallcrawler.client();
  const pageOf = async (connectUrl: string) => {
    const browser = await chromium.connectOverCDP(connectUrl);
    return browser.contexts()[0]?.pages()[0] ?? assert.unreachable('a page is open');
  };
  const [one, two] = [await client.sessions.create(), await client.sessions.create()];
  const [first, second] = [await pageOf(one.connectUrl), await pageOf(two.connectUrl)];
  const look = async (page: typeof first) => {
    await page?.goto(`${site.url}who`);
    const cookies = await page?.evaluate('document.body.textContent');
    const cached = await page?.evaluate('fetch("/cached").then((answer) => answer.text())');
    return { cookies, cached, stored: await page?.evaluate('localStorage.getItem("mark")') };
  };
  await first?.goto(`${site.url}login`);
  await first?.evaluate('localStorage.setItem("mark", "first")');
  const seen = await look(first);
  assert.equal(seen, {
    cookies: 'session=for-this-run; lasting=for-a-week',
    cached: (await look(first)).cached,
    stored: 'first',
  });
  const other = await look(second);
  assert.equal([other.cookies, other.stored], ['', null]);
  assert.is.not(other.cached, seen.cached);
  for (const { id } of [one, two]) await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
});

isolation('a page that hangs does not keep a client out, nor the debug list', async () => {
  const client = wallcrawler.client();
  const session = await client.sessions.create({ keepAlive: true });
  const first = await connectCdp(session.connectUrl);
  const [stuck] = await pagesOf(first);
  const page = await attach(first, stuck?.targetId);
  await first.send('Page.enable', {}, page);
  await first.send('Page.navigate', { url: site.url }, page);
  void first.send('Runtime.evaluate', { expression: 'for (;;) {}' }, page);
  // Sent on the same line, so it is answered after the page got its work; the browser itself does not wait for the page.
  await first.send('Browser.getVersion');
  await first.close();

  const second = await connectCdp(session.connectUrl);
  const { targetId } = (await second.send('Target.createTarget', { url: site.url })).result as Target;
  const answer = await second.send(
    'Runtime.evaluate',
    { expression: '6 * 7' },
    await attach(second, targetId),
  );
  assert.is((answer.result as { result: { value: number } }).result.value, 42);
  const live = await client.sessions.debug(session.id);
  assert.is(live.pages.length, 2);
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  assert.is((await second.closed).code, 4000);
});

interface Target {
  readonly targetId: string;
}

const pagesOf = async (cdp: CdpClient) =>
  (
    (await cdp.send('Target.getTargets')).result as { targetInfos: (Target & { type: string })[] }
  ).targetInfos.filter(({ type }) => type === 'page');

const attach = async (cdp: CdpClient, targetId: string | undefined): Promise<string> =>
  ((await cdp.send('Target.attachToTarget', { targetId, flatten: true })).result as { sessionId: string })
    .sessionId;

isolation.run();
