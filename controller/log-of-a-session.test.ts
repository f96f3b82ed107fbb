/** What of a real Chrome's session gets into its log, and what does not, whoever drives it. */
import { gunzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { connected } from '../core/testing/handshake.ts';
import type { FakePlatform } from './testing/fake-platform.ts';
import type { RunningController } from './testing/run-controller.ts';
import { faultsOfRows } from './testing/session-log-schema.ts';
import { ended, sessionTests } from './testing/session-suite.ts';

const suiteOfSessions = suite('the log of a session with Chrome');
const session = sessionTests(suiteOfSessions);

const SECRET = 'correct-horse-7';
const FORM = '<form action="/sent"><input id="field" name="password"></form>';

interface Row {
  readonly method: string;
  readonly pageId: number;
  readonly timestamp: number;
  readonly request: { readonly params: Readonly<Record<string, unknown>> };
}

/** All that was stored, when the session has ended. */
async function logOf(platform: FakePlatform, controller: RunningController) {
  controller.kill('SIGTERM');
  await controller.exited;
  const segments = [...platform.state.segments].sort(([a], [b]) => a - b);
  const text = segments.map(([, body]) => gunzipSync(body).toString()).join('');
  const lines = text.split('\n').filter((line) => line !== '');
  return { text, rows: lines.map((line) => JSON.parse(line) as Row) };
}

/** A client that has nothing but the protocol. */
async function bareClient(url: string) {
  const socket = await connected(new WebSocket(url));
  const waiting = new Map<number, (result: Readonly<Record<string, unknown>>) => void>();
  socket.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString());
    waiting.get(id)?.(result);
  });
  return {
    ask(method: string, params: object = {}, sessionId?: string) {
      const id = waiting.size + 1;
      socket.send(JSON.stringify({ id, method, params, sessionId }));
      return new Promise<Readonly<Record<string, unknown>>>((resolve) => waiting.set(id, resolve));
    },
    close: () => socket.close(),
  };
}

type TypeSecret = (connectUrl: string, url: string) => Promise<void>;

const byPlaywright: TypeSecret = async (connectUrl, url) => {
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = await (browser.contexts()[0] ?? (await browser.newContext())).newPage();
  await page.setExtraHTTPHeaders({ 'x-api-key': SECRET });
  await page.context().addCookies([{ name: 'login', value: SECRET, url }]);
  await page.goto(url);
  await page.setContent(FORM);
  await page.fill('#field', SECRET);
  await page.locator('#field').pressSequentially(SECRET);
  await page.evaluate((text) => console.log(text), SECRET);
  await page.locator('#field').press('Enter');
  await page.waitForURL('**/sent?**');
  await page.context().cookies();
  await browser.close();
};

const byPuppeteer: TypeSecret = async (connectUrl, url) => {
  const browser = await puppeteer.connect({ browserWSEndpoint: connectUrl, defaultViewport: null });
  const page = await browser.newPage();
  await page.authenticate({ username: SECRET, password: SECRET });
  await page.goto(url);
  await page.setContent(FORM);
  await page.type('#field', SECRET);
  await page.locator('#field').fill(SECRET);
  assert.match(await page.$eval('#field', ({ value }) => String(value)), SECRET);
  await page.cookies();
  await browser.disconnect();
};

/** As a library that writes its texts into scripts. */
const byScripts: TypeSecret = async (connectUrl, url) => {
  const client = await bareClient(connectUrl);
  const { targetId } = await client.ask('Target.createTarget', { url });
  const { sessionId } = await client.ask('Target.attachToTarget', { targetId, flatten: true });
  const expression = `document.body.innerHTML = '${FORM}'; document.cookie = 'a=${SECRET}';
    field.value = '${SECRET}'; localStorage.setItem('token', '${SECRET}'); document.cookie + field.value`;
  await client.ask('Runtime.evaluate', { expression, returnByValue: true }, String(sessionId));
  client.close();
};

const byKeys: TypeSecret = async (connectUrl, url) => {
  const client = await bareClient(connectUrl);
  const { targetId } = await client.ask('Target.createTarget', { url });
  const { sessionId } = await client.ask('Target.attachToTarget', { targetId, flatten: true });
  const ask = (method: string, params: object) => client.ask(method, params, String(sessionId));
  await ask('Runtime.evaluate', { expression: `document.body.innerHTML = '${FORM}'; field.focus()` });
  await ask('Input.insertText', { text: SECRET });
  await ask('Input.imeSetComposition', { text: SECRET, selectionStart: 0, selectionEnd: 0 });
  await ask('Input.dispatchKeyEvent', { type: 'char', text: SECRET, key: SECRET });
  await ask('DOM.getDocument', { depth: -1 });
  client.close();
};

session('has no secret that any of four clients has typed', async ({ platform, site, start }) => {
  const controller = await start({ settings: { logSession: true, keepAlive: true } });
  const { connectUrl } = await controller.ready();
  for (const type of [byPlaywright, byPuppeteer, byScripts, byKeys]) await type(connectUrl, site.url);
  const { text, rows } = await logOf(platform, controller);
  assert.not.match(text, SECRET);
  assert.not.match(text, encodeURIComponent(SECRET));
  assert.equal(faultsOfRows(rows), []);
  const methods = new Set(rows.map(({ method }) => method));
  const expected = [
    ...['Input.insertText', 'Input.dispatchKeyEvent', 'Input.imeSetComposition', 'Runtime.callFunctionOn'],
    ...['Network.setExtraHTTPHeaders', 'Network.requestWillBeSentExtraInfo', 'Network.responseReceived'],
    ...['Page.frameNavigated', 'Fetch.enable', 'Storage.setCookies', 'DOM.getDocument'],
  ];
  assert.equal(
    expected.filter((method) => !methods.has(method)),
    [],
    'all of it is there all the same',
  );
  const times = rows.map(({ timestamp }) => timestamp);
  assert.equal(
    times,
    times.toSorted((a, b) => a - b),
  );
  const sent = rows.find(
    ({ method, request }) => method === 'Page.frameNavigated' && JSON.stringify(request).includes('/sent'),
  );
  assert.match(JSON.stringify(sent?.request.params), '/sent?password=[masked]');
  assert.equal([...new Set(rows.map(({ pageId }) => pageId))].sort(), [0, 1, 2, 3, 4, 5]);
});

/** When its parent is killed, a process of Chrome's may be quicker to go. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

session('is there after a claim too, and after Chrome was killed', async ({ platform, site, start }) => {
  const controller = await start({ isWarm: true, settings: { logSession: true } });
  await controller.claim();
  const { connectUrl } = await controller.ready();
  const browser = await puppeteer.connect({ browserWSEndpoint: connectUrl, defaultViewport: null });
  const [page] = await browser.pages();
  await page?.goto(site.url);
  controller.chromePids().forEach(killIfThere);
  await controller.exited;
  const { rows } = await logOf(platform, controller);
  assert.is(ended(platform)[0]?.reason, 'browser_crashed');
  assert.equal(faultsOfRows(rows), []);
  const inPage = rows.filter(({ pageId }) => pageId === 1).map(({ method }) => method);
  for (const method of ['Page.navigate', 'Page.frameNavigated', 'Network.loadingFinished'])
    assert.ok(inPage.includes(method), `${method} is in the log`);
});

session('is not there for a session that wants none', async ({ platform, site, start }) => {
  const controller = await start({ settings: { logSession: false } });
  const { connectUrl } = await controller.ready();
  const browser = await puppeteer.connect({ browserWSEndpoint: connectUrl, defaultViewport: null });
  await (await browser.newPage()).goto(site.url);
  await browser.close();
  await controller.exited;
  assert.equal([platform.find('artifact-urls'), platform.state.segments.size], [[], 0]);
});

suiteOfSessions.run();
