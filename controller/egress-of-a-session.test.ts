// Where a session's browser gets, in a real Chrome behind its guard.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { connect as connectTcp } from 'node:net';
import { chromium } from 'playwright-core';
import type { Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startClientProxy } from './egress/testing/client-proxy.ts';
import { startSocksProxy } from './egress/testing/socks-proxy.ts';
import type { RunningController } from './testing/run-controller.ts';
import { connect, sessionTests } from './testing/session-suite.ts';

const egress = suite('the way out of a browser');
const session = sessionTests(egress);

/** The pages of these tests are on loopback, which their owner allows. */
const GUARDED = { EGRESS_GUARD: '1', ALLOWED_NETWORKS: '127.0.0.1/32' };

const failureOf = async (page: Page, url: string): Promise<string> =>
  page.goto(url).then(
    (answer) => `it was answered ${answer?.status()}`,
    (error: Error) => error.message,
  );

/** What Chrome was told of its guard. */
function proxyOf(controller: RunningController): { readonly name: string; readonly port: number } {
  const command = readFileSync(`/proc/${controller.browserPid()}/cmdline`, 'utf8');
  const [, name = '', port] = /--proxy-server=http:\/\/(wc-[0-9a-f]{32}):(\d+)/.exec(command) ?? [];
  return { name, port: Number(port) };
}

/** Whether it takes a request; one that is shut closes the connection. */
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
    socket.write('CONNECT nobody.invalid:443 HTTP/1.1\r\nHost: nobody.invalid\r\n\r\n');
  });

session('leads to what is allowed, and fails to all else as to a site that is not there', async (context) => {
  const { start, site, platform } = context;
  const controller = await start({ env: GUARDED });
  const browser = await connect(controller);
  const [page] = (await browser.pages()) as [Page];
  assert.is((await page.goto(site.url))?.status(), 200);
  assert.match(await failureOf(page, 'http://nobody.invalid/'), 'net::ERR_EMPTY_RESPONSE');
  assert.match(await failureOf(page, 'https://nobody.invalid/'), 'net::ERR_TUNNEL_CONNECTION_FAILED');
  const { port } = new URL(site.url);
  for (const host of ['[::1]', '[::ffff:127.0.0.1]', '169.254.170.2', '10.0.0.1', '127.0.0.2'])
    assert.match(await failureOf(page, `http://${host}:${port}/`), 'net::ERR_', host);
  const told = await platform.called('events', ({ body }) => JSON.stringify(body).includes('127.0.0.2'));
  assert.match(
    JSON.stringify(told),
    `"type":"egress.refused","data":{"host":"127.0.0.2","port":${port},"reason":"not_public"}`,
  );
  await browser.disconnect();
  await controller.exited;
});

session('is not opened by a client that asks for no proxy, and knows the name of ours', async (context) => {
  const { start, site } = context;
  const controller = await start({ env: GUARDED });
  const browser = await connect(controller);
  const { name, port } = proxyOf(controller);
  const direct = await browser.createBrowserContext({ proxyServer: 'direct://' });
  const page = await direct.newPage();
  assert.is((await page.goto(site.url))?.status(), 200, 'it goes by the guard');
  // What lies on other ports of this machine is not behind that name.
  const urls = [site.url.replace('127.0.0.1', '127.0.0.2'), site.url.replace('127.0.0.1', name)];
  for (const url of [...urls, `http://${name}:${port}/`])
    assert.match(await failureOf(page, url), 'net::ERR_', url);
  await browser.disconnect();
  await controller.exited;
});

session('is shut until a claim, and another one for the next Chrome', async ({ start, site, platform }) => {
  const settings = { context: { id: 'c', persist: true } };
  const first = await start({ isWarm: true, env: GUARDED, settings });
  await first.warm();
  const waiting = proxyOf(first);
  assert.is(await answers(waiting.port), false);
  assert.is((await first.claim({ assignment: { profileUrl: null } })).status, 200);
  assert.is(await answers(waiting.port), true);
  const browser = await connect(first);
  await (await browser.newPage()).goto(`${site.url}/login`);
  await browser.close();
  await first.exited;
  assert.is(await answers(waiting.port), false);
  assert.is(platform.state.puts, 1);
  const second = await start({ isWarm: true, env: GUARDED, settings });
  await second.warm();
  const before = proxyOf(second);
  assert.is((await second.claim()).status, 202, 'it has a profile to restore');
  await platform.called('ready', ({ sessionId }) => sessionId === second.sessionId);
  const again = await connect(second);
  const after = proxyOf(second);
  assert.is.not(after.name, before.name);
  assert.equal([await answers(before.port), await answers(after.port)], [false, true]);
  const [page] = (await again.pages()) as [Page];
  assert.is((await page.goto(site.url))?.status(), 200);
  await again.close();
  await second.exited;
});

session('goes by a proxy that a client names for a context, which may ask who it is', async (context) => {
  const { start, site } = context;
  const { port } = new URL(site.url);
  const proxy = await startClientProxy(Number(port), { password: 'secret-of-a-client' });
  const socks = await startSocksProxy(Number(port));
  const controller = await start({ env: GUARDED });
  const { connectUrl } = await controller.ready();
  const browser = await chromium.connectOverCDP(connectUrl);
  try {
    const [username, password] = ['user', 'secret-of-a-client'];
    const server = `http://127.0.0.1:${proxy.port}`;
    const known = await browser.newContext({ proxy: { server, username, password, bypass: '127.0.0.1' } });
    const page = await known.newPage();
    assert.is((await page.goto('http://known-to-it.example/'))?.status(), 200);
    assert.is((await page.goto(site.url))?.status(), 200);
    const asked = proxy.asked.filter((line) => !line.endsWith('/favicon.ico'));
    assert.equal(asked, ['GET http://known-to-it.example/'], 'what is bypassed goes out by itself');
    const stranger = await browser.newContext({ proxy: { server, username, password: 'wrong' } });
    const refused = (await stranger.newPage()).goto('https://known-to-it.example/');
    assert.match(await refused.then(() => 'answered', String), 'net::ERR_');
    const bySocks = await browser.newContext({ proxy: { server: `socks5://127.0.0.1:${socks.port}` } });
    assert.is((await (await bySocks.newPage()).goto('http://known-to-socks.example/'))?.status(), 200);
    assert.ok(socks.asked.includes('known-to-socks.example:80'));
    const quic = browser.newContext({ proxy: { server: 'quic://127.0.0.1:1080' } });
    assert.match(await quic.then(() => 'made', String), 'proxyServer must be one proxy such as');
    assert.not.match(controller.output(), 'secret-of-a-client');
  } finally {
    proxy.stop();
    socks.stop();
    await browser.close();
  }
  await controller.exited;
});

session('takes nothing out of a session that has ended', async ({ start }) => {
  const asked = Promise.withResolvers<http.IncomingMessage>();
  const hanging = http.createServer((request) => asked.resolve(request));
  await new Promise<void>((resolve) => void hanging.listen(0, '127.0.0.1', resolve));
  const { port } = hanging.address() as { port: number };
  try {
    const controller = await start({ env: GUARDED });
    const browser = await connect(controller);
    const [page] = (await browser.pages()) as [Page];
    page.goto(`http://127.0.0.1:${port}/`).catch(() => undefined);
    const { socket } = await asked.promise;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await browser.close();
    await closed;
    await controller.exited;
  } finally {
    hanging.closeAllConnections();
    hanging.close();
  }
});

egress.run();
