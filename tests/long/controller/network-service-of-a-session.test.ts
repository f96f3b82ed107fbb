// kill -9 of what does the network of a session's browser: Chrome starts it anew, and it gets out as the first one did.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startClientProxy } from '../../../controller/egress/testing/client-proxy.ts';
import { startAskingSite } from '../../../controller/testing/asking-site.ts';
import { startCanary } from '../../../controller/testing/canary.ts';
import { directExtension } from '../../../controller/testing/direct-extension.ts';
import type { RunningController } from '../../../controller/testing/run-controller.ts';
import { connect, ended, type SessionTest, sessionTests } from '../../../controller/testing/session-suite.ts';
import { descendantsOf } from '../../e2e/support/processes.ts';
import { until } from '../../e2e/support/until.ts';

const ROUNDS = 5;
const GUARDED = { EGRESS_GUARD: '1', ALLOWED_NETWORKS: '127.0.0.1/32' };
const SITE_SOCKETS = 200;

const network = suite('the network service of a session');
const session = sessionTests(network);

const portOf = (url: string): number => Number(new URL(url).port);
const reasonsOf = (platform: SessionTest['platform']) =>
  ended(platform).map((body) => (body as { readonly reason?: string }).reason);
const outcome = (page: Page, url: string): Promise<string> =>
  page.goto(url, { timeout: 10_000 }).then((answer) => `answered ${answer?.status()}`, String);

const serviceOf = (controller: RunningController): number | undefined =>
  descendantsOf(controller.browserPid()).find(({ command, state }) => {
    return command.includes('--utility-sub-type=network.mojom.NetworkService') && state !== 'Z';
  })?.pid;

/** Answers how long it took until there was another one. */
async function killService(controller: RunningController): Promise<number> {
  const killed = await until('there is one', async () => serviceOf(controller));
  const struckAt = performance.now();
  process.kill(killed, 'SIGKILL');
  await until('Chrome has started another', async () => {
    const next = serviceOf(controller);
    return next !== undefined && next !== killed;
  });
  return performance.now() - struckAt;
}

/** What a page at `url` asks for by itself, and then what it gets by an address. */
async function requireGuarded(page: Page, url: string, canary: Awaited<ReturnType<typeof startCanary>>) {
  await until('a page loads again', async () => (await outcome(page, url)) === 'answered 200');
  await page.waitForFunction('["asked", "site"].includes(document.title)', { timeout: 60_000 });
  assert.match(await outcome(page, `http://${canary.target}/`), 'net::ERR_');
  assert.match(await outcome(page, `https://${canary.target}/`), 'net::ERR_TUNNEL_CONNECTION_FAILED');
  assert.match(await outcome(page, 'http://nobody.invalid/'), 'net::ERR_EMPTY_RESPONSE');
  assert.equal(canary.seen, [], 'nothing of it arrives');
}

session(
  `is killed ${ROUNDS} times: its pages and contexts go by the guard alone, as before`,
  async (context) => {
    const { start, site, platform } = context;
    const canary = await startCanary();
    const asking = await startAskingSite(canary.target);
    const controller = await start({ env: GUARDED });
    const tookMs: number[] = [];
    try {
      const browser = await connect(controller);
      const [page] = (await browser.pages()) as [Page];
      const ofBefore = [await openIn(browser), await openIn(browser, { proxyServer: 'direct://' })];
      for (let round = 0; round < ROUNDS; round += 1) {
        tookMs.push(Math.round(await killService(controller)));
        const ofNow = [await openIn(browser), await openIn(browser, { proxyServer: 'direct://' })];
        // What a page asks for takes seconds each.
        const asks = round === ROUNDS - 1;
        for (const each of [page, ...ofBefore, ...ofNow])
          await requireGuarded(each, asks ? asking.url : site.url, canary);
      }
      console.log(`${ROUNDS} kills, another network service after at worst ${Math.max(...tookMs)} ms`);
      await browser.close();
    } finally {
      asking.close();
      canary.close();
    }
    await controller.exited;
    assert.equal(reasonsOf(platform), ['browser_closed']);
  },
);

session(
  'is killed under contexts with a proxy of their own, which Chrome forgets: nothing goes out by no proxy, and the session ends',
  async ({ start, site, platform }) => {
    const proxy = await startClientProxy(portOf(site.url));
    // Reached without the proxy alone: that leads everything to the other site.
    const watched = await startCanary('127.0.0.1');
    const controller = await start({ env: GUARDED });
    try {
      const browser = await connect(controller);
      const page = await openIn(browser, { proxyServer: `http://127.0.0.1:${proxy.port}` });
      const url = `http://${watched.target}/`;
      assert.is(await outcome(page, url), 'answered 200', 'by its proxy');
      await killService(controller);
      // As often as a client that tries again, until it has gone.
      while (browser.connected) await outcome(page, url);
      await controller.exited;
      assert.equal(watched.seen, []);
    } finally {
      proxy.stop();
      watched.close();
    }
    assert.equal(reasonsOf(platform), ['browser_crashed']);
    assert.match(JSON.stringify(ended(platform)), 'does not know the proxies');
    assert.match(JSON.stringify(platform.find('events')), '"type":"browser.crashed"');
  },
);

session('is killed in a session with proxies: its pages go by them, as before', async (context) => {
  const { start, site, platform } = context;
  const proxy = await startClientProxy(portOf(site.url));
  const server = { scheme: 'http', host: '127.0.0.1', port: proxy.port } as const;
  platform.state.certificates = [];
  platform.state.proxies = [{ pattern: null, server }];
  const controller = await start({ env: GUARDED, settings: { hasProxies: true } });
  try {
    const browser = await connect(controller);
    const [page] = (await browser.pages()) as [Page];
    const loads = async (name: string) => (await outcome(page, `http://${name}.example/`)) === 'answered 200';
    assert.ok(await loads('before'));
    await killService(controller);
    await until('a page loads again', () => loads('after'));
    for (const name of ['before', 'after']) assert.ok(proxy.asked.includes(`GET http://${name}.example/`));
    await browser.close();
  } finally {
    proxy.stop();
  }
  await controller.exited;
});

async function openIn(browser: Browser, options: { readonly proxyServer?: string } = {}): Promise<Page> {
  return (await browser.createBrowserContext(options)).newPage();
}

session(
  'is killed under an extension that takes the proxy away: there is no way out, as before',
  async (context) => {
    const { start, site, platform } = context;
    const canary = await startCanary();
    platform.state.extension = directExtension(canary.target);
    const controller = await start({ env: GUARDED, settings: { extensionId: 'x' } });
    try {
      const browser = await connect(controller);
      const [page] = (await browser.pages()) as [Page];
      const noWay = async () => (await outcome(page, site.url)).includes('net::ERR_NAME_NOT_RESOLVED');
      await until('the extension has taken the proxy away', noWay);
      for (let round = 0; round < ROUNDS; round += 1) {
        await killService(controller);
        await until('there is no way out', noWay);
        for (const url of [site.url, `http://${canary.target}/`, `https://${canary.target}/`])
          assert.match(await outcome(page, url), 'net::ERR_');
      }
      assert.equal(canary.seen, []);
      await browser.close();
    } finally {
      canary.close();
    }
    await controller.exited;
  },
);

session('is killed where nothing guards it: what is asked for arrives', async ({ start }) => {
  const canary = await startCanary();
  const asking = await startAskingSite(canary.target);
  const controller = await start();
  try {
    const browser = await connect(controller);
    const [page] = (await browser.pages()) as [Page];
    await killService(controller);
    await until('a page loads again', async () => (await outcome(page, asking.url)) === 'answered 200');
    await page.waitForFunction('document.title === "asked"', { timeout: 60_000 });
    const arrived = canary.seen.join();
    for (const what of ['udp', 'GET /fetch', 'GET /worker'])
      assert.ok(arrived.includes(what), `${what} would have arrived: ${arrived}`);
    await browser.close();
  } finally {
    asking.close();
    canary.close();
  }
  await controller.exited;
});

session('is killed in a session that names its domains: no page goes elsewhere', async ({ start }) => {
  const site = http.createServer((_request, response) => response.end('here'));
  await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  const controller = await start({ settings: { allowedDomains: ['localhost'] } });
  try {
    const browser = await connect(controller);
    const [page] = (await browser.pages()) as [Page];
    const loads = async () => (await outcome(page, `http://localhost:${port}/`)) === 'answered 200';
    await until('a page loads', loads);
    await killService(controller);
    await until('a page loads again', loads);
    for (const each of [page, await browser.newPage(), await openIn(browser)])
      assert.match(await outcome(each, `http://127.0.0.1:${port}/`), 'net::ERR_BLOCKED_BY_CLIENT');
    await browser.close();
  } finally {
    site.closeAllConnections();
    site.close();
  }
  await controller.exited;
});

session(
  `asks a site that resets half of its ${SITE_SOCKETS} sockets: the others are answered, the session goes on`,
  async (context) => {
    const { start, site, platform } = context;
    const counts = { reset: 0, answered: 0 };
    const resetting = http.createServer((_request, response) => {
      counts.answered += 1;
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end('here');
    });
    let number = 0;
    resetting.on('connection', (socket) => {
      number += 1;
      if (number % 2 === 0) return;
      counts.reset += 1;
      // At once, or in the middle of a request.
      if (number % 4 === 1) socket.resetAndDestroy();
      else socket.once('data', () => socket.resetAndDestroy());
    });
    await new Promise<void>((resolve) => void resetting.listen(0, '127.0.0.1', resolve));
    const { port } = resetting.address() as AddressInfo;
    const controller = await start({ env: GUARDED });
    try {
      const browser = await connect(controller);
      const [page] = (await browser.pages()) as [Page];
      await page.goto(site.url);
      const answered = await page.evaluate(
        async (url, count) => {
          const asked = Array.from({ length: count }, (_, i) => fetch(`${url}?${i}`).then((it) => it.text()));
          const all = await Promise.allSettled(asked);
          return all.filter(({ status }) => status === 'fulfilled').length;
        },
        `http://127.0.0.1:${port}/`,
        SITE_SOCKETS,
      );
      console.log(`${SITE_SOCKETS} asked: ${answered} answered, ${counts.reset} of ${number} sockets reset`);
      assert.ok(answered > 0 && counts.reset > 0, JSON.stringify(counts));
      assert.is(await outcome(page, site.url), 'answered 200');
      assert.equal(ended(platform), [], 'the session goes on');
      await browser.close();
    } finally {
      resetting.closeAllConnections();
      resetting.close();
    }
    await controller.exited;
  },
);

network.run();
