// What a site is told of a session's browser, in a real Chrome.
import { once } from 'node:events';
import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connect, sessionTests } from './testing/session-suite.ts';

const names = suite('what a browser calls itself');
const session = sessionTests(names);

const SCRIPTS: Readonly<Record<string, string>> = {
  '/dedicated.js': 'postMessage(navigator.userAgent)',
  '/shared.js': 'onconnect = ({ ports: [port] }) => port.postMessage(navigator.userAgent)',
  '/service.js': 'onmessage = ({ ports: [port] }) => port.postMessage(navigator.userAgent)',
};
const ASK = `(async () => {
  const said = (start) => new Promise((resolve) => start((event) => resolve(event.data)));
  const dedicated = await said((on) => { new Worker('/dedicated.js').onmessage = on; });
  const shared = await said((on) => { new SharedWorker('/shared.js').port.onmessage = on; });
  const registration = await navigator.serviceWorker.register('/service.js');
  const service = await said((on) => {
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    const channel = new MessageChannel();
    channel.port1.onmessage = on;
    worker.postMessage('', [channel.port2]);
  });
  const hints = await navigator.userAgentData.getHighEntropyValues(['fullVersionList', 'platform']);
  return { page: navigator.userAgent, dedicated, shared, service, hints: JSON.stringify(hints) };
})()`;

async function startSite() {
  const asked: IncomingHttpHeaders[] = [];
  const server = http.createServer(({ url = '', headers }, response) => {
    asked.push(headers);
    const script = SCRIPTS[url];
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.setHeader('accept-ch', 'sec-ch-ua-full-version-list, sec-ch-ua-platform');
    response.end(script ?? '<title>site</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    // Two sites, one of which may be a frame in a process of its own.
    urls: [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`] as const,
    stop(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** All that this page, a frame of another site and a popup say of the browser. */
async function listen(page: Page, [first, second]: readonly [string, string]): Promise<string[]> {
  await page.goto(first);
  await page.goto(first);
  const own = (await page.evaluate(ASK)) as Readonly<Record<string, string>>;
  await page.evaluate(`document.body.append(
    Object.assign(document.createElement('iframe'), { src: ${JSON.stringify(second)} }),
  )`);
  const frame = await page.waitForFrame((each) => each.url() === second);
  const opened = new Promise<Page | null>((resolve) => page.once('popup', resolve));
  await page.evaluate(`void window.open(${JSON.stringify(second)})`);
  const popup = await opened;
  const agents = [await frame.evaluate('navigator.userAgent'), await popup?.evaluate('navigator.userAgent')];
  return [...Object.values(own), ...agents.map(String)];
}

session('is Chrome everywhere, headless nowhere, and under remote control', async ({ start }) => {
  const site = await startSite();
  const controller = await start();
  const browser = await connect(controller);
  const context = await browser.createBrowserContext();
  for (const page of [await browser.newPage(), await context.newPage()]) {
    for (const said of await listen(page, site.urls)) {
      assert.match(said, /Chrom/);
      assert.not.match(said, /headless/i);
    }
    assert.is(await page.evaluate('navigator.webdriver'), true);
  }
  assert.ok(site.asked.length >= 12);
  const version = /\/(\d+)/.exec(await browser.version())?.[1];
  for (const headers of site.asked) {
    assert.not.match(JSON.stringify(headers), /headless/i);
    assert.match(headers['user-agent'] ?? '', `Chrome/${version}.0.0.0 `);
  }
  await browser.close();
  await controller.exited;
  site.stop();
});

names.run();
