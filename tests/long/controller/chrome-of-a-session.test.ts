import { once } from 'node:events';
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { closing } from '../../../controller/testing/proxy-fixture.ts';
import { TEST_CHROME_UID } from '../../../controller/testing/run-controller.ts';
import { connect, ended, sessionTests } from '../../../controller/testing/session-suite.ts';

const suiteOfSessions = suite('the Chrome of a session');
const session = sessionTests(suiteOfSessions);

session('keeps Chrome away from what is the controller’s', async ({ start }) => {
  if (TEST_CHROME_UID === undefined) return;
  const controller = await start();
  const browser = await connect(controller);
  const owner = async (folder: string) => {
    const { uid, mode } = await stat(path.join(controller.folder, folder));
    return [uid, mode & 0o777];
  };
  assert.equal(await owner('controller'), [0, 0o700]);
  assert.equal(await owner('browser'), [TEST_CHROME_UID, 0o700]);
  for (const pid of controller.chromePids()) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    assert.not.match(environment, /CONTROLLER_TOKEN|TOKEN_PUBLIC_KEYS/);
  }
  await browser.close();
  await controller.exited;
});

session('gives every page a viewport that no window of Chrome could have', async ({ start, site }) => {
  const controller = await start({ settings: { viewport: { width: 390, height: 844 } } });
  const browser = await connect(controller);
  const context = await browser.createBrowserContext();
  const opened = [...(await browser.pages()), await browser.newPage(), await context.newPage()];
  for (const page of opened) {
    await page.goto(site.url);
    assert.equal(await page.evaluate('[innerWidth, innerHeight]'), [390, 844]);
  }
  await browser.close();
  await controller.exited;
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  session(`gives pages ${viewport.width} wide their size again when a client has left`, async ({ start }) => {
    const controller = await start({ settings: { viewport, keepAlive: true } });
    const watching = await connect(controller);
    const [page] = await watching.pages();
    const { connectUrl } = await controller.ready();
    const resizing = await puppeteer.connect({ browserWSEndpoint: connectUrl });
    const [resized] = await resizing.pages();
    assert.equal(await resized?.evaluate('[innerWidth, innerHeight]'), [800, 600]);
    await resizing.disconnect();
    const { width, height } = viewport;
    await page?.waitForFunction(`innerWidth === ${width} && innerHeight === ${height}`);
    await watching.disconnect();
    controller.kill('SIGTERM');
    await controller.exited;
  });
}

session(
  'has tabs that work without being in front: screenshots one after the other, animation frames',
  async ({ start, site }) => {
    const controller = await start();
    const browser = await connect(controller);
    const [behind] = await browser.pages();
    await behind?.goto(site.url);
    const front = await browser.newPage();
    await front.bringToFront();
    for (let shot = 0; shot < 3; shot += 1) {
      const picture = Buffer.from((await behind?.screenshot()) ?? []);
      assert.is(picture.toString('latin1', 1, 4), 'PNG');
    }
    const visibleAtTheNextFrame =
      'new Promise((done) => requestAnimationFrame(() => done(document.visibilityState)))';
    assert.is(await behind?.evaluate(visibleAtTheNextFrame), 'visible');
    await browser.close();
    await controller.exited;
  },
);

session('hands out what Chrome streams from files: a PDF, a trace', async ({ start }) => {
  const controller = await start();
  const browser = await connect(controller);
  const page = await browser.newPage();
  assert.match(Buffer.from(await page.pdf()).toString('latin1', 0, 5), '%PDF-');
  await page.tracing.start();
  const trace = Buffer.from((await page.tracing.stop()) ?? []).toString();
  assert.ok(JSON.parse(trace).traceEvents.length > 0);
  await browser.close();
  await controller.exited;
});

session('kills a Chrome that hangs, at the second SIGTERM', async ({ platform, start }) => {
  const settings = { context: { id: 'c', persist: true } };
  const controller = await start({ settings });
  const { connectUrl } = await controller.ready();
  const socket = new WebSocket(connectUrl);
  await once(socket, 'open');
  const closed = closing(socket);
  for (const pid of controller.chromePids()) process.kill(pid, 'SIGSTOP');
  controller.kill('SIGTERM');
  await closed;
  controller.kill('SIGTERM');
  assert.is((await controller.exited).code, 0);
  assert.is(ended(platform)[0]?.reason, 'platform_stopping');
  assert.match(String(ended(platform)[0]?.detail), /not saved: Chrome was killed by SIGKILL/);
  assert.is(platform.state.puts, 0);
});

session('says how Chrome died', async ({ platform, start }) => {
  const controller = await start({ settings: { context: { id: 'c', persist: true } } });
  const { connectUrl } = await controller.ready();
  const socket = new WebSocket(connectUrl);
  await once(socket, 'open');
  const closed = closing(socket);
  process.kill(controller.browserPid(), 'SIGKILL');
  assert.equal(await closed, [4020, 'The browser exited unexpectedly']);
  assert.is((await controller.exited).code, 0);
  assert.is(ended(platform)[0]?.reason, 'browser_crashed');
  assert.match(String(ended(platform)[0]?.detail), /killed by SIGKILL.*The profile was not saved/s);
  assert.is(platform.state.puts, 0);
});

session('takes Chrome with it when it is killed itself', async ({ start }) => {
  const controller = await start();
  await controller.ready();
  controller.kill('SIGKILL');
  await controller.exited;
  for (let waits = 0; controller.chromePids().length > 0 && waits < 100; waits += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(controller.chromePids(), []);
  // Nobody is left to remove the folder: that is for whoever started the controller.
  await rm(controller.folder, { recursive: true, force: true });
});

session('reports a Chrome that cannot start, with its stderr tail', async ({ platform, start }) => {
  const env = { CHROME_PATH: '/bin/false', CHROME_VERSION: 'Chromium 156.0.8078.108' };
  const controller = await start({ env });
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [{ reason: 'start_failed', detail: 'Chrome exited at once (code 1)' }]);
});

suiteOfSessions.run();
