// The real thing: a controller as a process, a real Chrome, and a fake platform on loopback.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import puppeteer, { type Browser } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { type FakePlatform, startFakePlatform } from './testing/fake-platform.ts';
import { startPageServer } from './testing/page-server.ts';
import { closing } from './testing/proxy-fixture.ts';
import {
  type RunningController,
  type RunOptions,
  runController,
  TEST_CHROME_UID,
} from './testing/run-controller.ts';

interface Context {
  readonly platform: FakePlatform;
  readonly site: Awaited<ReturnType<typeof startPageServer>>;
  start(options?: RunOptions): Promise<RunningController>;
}

const suiteOfSessions = suite('a session');

/** A test with a platform of its own; it fails, too, when a session of it leaves anything behind. */
function session(name: string, run: (context: Context) => Promise<void>): void {
  // Not in hooks: uvu passes over a test whose hooks throw.
  suiteOfSessions(name, async () => {
    const platform = await startFakePlatform();
    const site = await startPageServer();
    const running: RunningController[] = [];
    const start = async (options?: RunOptions) => {
      const controller = await runController(platform, options);
      running.push(controller);
      return controller;
    };
    let leftovers: readonly string[] = [];
    try {
      await run({ platform, site, start });
    } finally {
      leftovers = (await Promise.all(running.map((controller) => controller.leftovers()))).flat();
      await platform.stop();
      await site.stop();
    }
    assert.equal(leftovers, [], 'every way out leaves nothing');
    for (const controller of running) {
      assert.not.match(controller.output(), /signingKey=ey|"eyJ|X-Amz-Signature=secret/);
    }
  });
}

const connect = (controller: RunningController): Promise<Browser> =>
  controller
    .ready()
    .then(({ connectUrl }) => puppeteer.connect({ browserWSEndpoint: connectUrl, defaultViewport: null }));

const ended = (platform: FakePlatform) => platform.find('ended').map(({ body }) => body);

session(
  'is ready after a round trip through its own proxy, and ends when its client leaves',
  async ({ platform, start, site }) => {
    const controller = await start({ settings: { viewport: { width: 1012, height: 633 } } });
    const browser = await connect(controller);
    assert.equal(platform.find('ready')[0]?.body, { sandbox: TEST_CHROME_UID === undefined ? 'off' : 'on' });
    assert.match(platform.find('ready')[0]?.authorization ?? '', /^Bearer eyJ/);
    for (const page of [...(await browser.pages()), await browser.newPage()]) {
      await page.goto(site.url);
      assert.equal(await page.evaluate('[innerWidth, innerHeight]'), [1012, 633]);
    }
    await platform.called('heartbeat', ({ body }) => body.connectionCount === 1);
    await browser.disconnect();
    assert.equal(await controller.exited, { code: 0, signal: null });
    assert.equal(ended(platform), [{ reason: 'disconnected' }]);
  },
);

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

session('ends like a release on Browser.close, also with keepAlive', async ({ platform, start }) => {
  const controller = await start({ settings: { keepAlive: true } });
  const { connectUrl } = await controller.ready();
  const socket = new WebSocket(connectUrl);
  await once(socket, 'open');
  const closed = closing(socket);
  socket.send('{"id":1,"method":"Browser.close"}');
  const [answer] = await once(socket, 'message');
  assert.equal(JSON.parse(answer.toString()), { id: 1, result: {} });
  assert.equal(await closed, [4002, 'A client closed the browser']);
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [{ reason: 'browser_closed' }]);
});

session('with keepAlive outlives its clients, with their tabs', async ({ platform, start, site }) => {
  const controller = await start({ settings: { keepAlive: true } });
  const first = await connect(controller);
  await (await first.newPage()).goto(`${site.url}/kept`);
  await first.disconnect();
  await platform.called('heartbeat', ({ body }) => body.connectionCount === 0);
  const second = await connect(controller);
  const urls = (await second.pages()).map((page) => page.url());
  assert.ok(urls.includes(`${site.url}/kept`), urls.join());
  await second.close();
  await controller.exited;
});

session('puts downloads into its own folder, wherever the client wants them', async ({ start, site }) => {
  const controller = await start();
  const browser = await connect(controller);
  const cdp = await browser.target().createCDPSession();
  const finished = new Promise((resolve) => {
    cdp.on('Browser.downloadProgress', ({ state }) => state === 'completed' && resolve(state));
  });
  await cdp.send('Browser.setDownloadBehavior', {
    behavior: 'allowAndName',
    downloadPath: '/tmp/of-the-client',
    eventsEnabled: true,
  });
  const page = await browser.newPage();
  await page.goto(site.url);
  await page.click('#download');
  assert.is(await finished, 'completed');
  const downloads = path.join(controller.folder, 'browser/downloads');
  assert.equal(await readdir(downloads), ['report.txt']);
  assert.is(await readFile(path.join(downloads, 'report.txt'), 'utf8'), 'the report');
  await browser.close();
  await controller.exited;
});

session('ends for the reason that the platform gives', async ({ platform, start }) => {
  const controller = await start({ env: { HEARTBEAT_INTERVAL_MS: '50' } });
  const { connectUrl } = await controller.ready();
  const socket = new WebSocket(connectUrl);
  await once(socket, 'open');
  const closed = closing(socket);
  platform.state.status = 'TERMINATING';
  platform.state.endReason = 'released';
  assert.equal(await closed, [4000, 'The session was released']);
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [{ reason: 'released' }]);
});

for (const [name, settings, env, reason] of [
  ['nobody connects', {}, { CONNECT_DEADLINE_MS: '100' }, 'never_connected'],
  ['its time is up', { expiresAt: new Date(Date.now() + 1).toISOString() }, {}, 'timed_out'],
] as const) {
  session(`ends when ${name}`, async ({ platform, start }) => {
    const controller = await start({ settings, env });
    assert.is((await controller.exited).code, 0);
    assert.equal(ended(platform), [{ reason }]);
  });
}

session('asks on SIGTERM why, and ends gracefully', async ({ platform, start }) => {
  const controller = await start();
  const { connectUrl } = await controller.ready();
  const socket = new WebSocket(connectUrl);
  await once(socket, 'open');
  const closed = closing(socket);
  platform.state.endReason = 'timed_out';
  controller.kill('SIGTERM');
  assert.is((await closed)[0], 4012);
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [{ reason: 'timed_out' }]);
});

session('ends on SIGTERM although the platform is silent', async ({ platform, start }) => {
  const controller = await start();
  await controller.ready();
  platform.state.isApiDown = true;
  controller.kill('SIGTERM');
  assert.is((await controller.exited).code, 0);
  assert.is(ended(platform)[0]?.reason, 'platform_stopping');
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
  process.kill(Math.min(...controller.chromePids()), 'SIGKILL');
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
  const { rm } = await import('node:fs/promises');
  await rm(controller.folder, { recursive: true, force: true });
});

session('reports a Chrome that cannot start, with its last words', async ({ platform, start }) => {
  const controller = await start({ env: { CHROME_PATH: '/bin/false' } });
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [{ reason: 'start_failed', detail: 'Chrome exited at once (code 1)' }]);
});

session('names the variables that are wrong, and no values', async ({ start }) => {
  const controller = await start({ env: { TOKEN_PUBLIC_KEYS: 'secret-value', IDLE_TIMEOUT_MS: '-1' } });
  assert.is((await controller.exited).code, 1);
  assert.match(controller.output(), /TOKEN_PUBLIC_KEYS must be JSON; IDLE_TIMEOUT_MS must be/);
  assert.not.match(controller.output(), 'secret-value');
});

session('keeps logins, storage and one tab through ten runs', async ({ platform, start, site }) => {
  const STORE = `new Promise((resolve) => {
    localStorage.setItem('kept', 'local');
    const open = indexedDB.open('kept', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('store');
    open.onsuccess = () => {
      const write = open.result.transaction('store', 'readwrite');
      write.objectStore('store').put('indexed', 'key');
      write.oncomplete = () => resolve(true);
    };
  })`;
  const READ = `new Promise((resolve) => {
    const open = indexedDB.open('kept', 1);
    open.onsuccess = () => {
      const read = open.result.transaction('store').objectStore('store').get('key');
      read.onsuccess = () => resolve([localStorage.getItem('kept'), read.result]);
    };
  })`;
  for (let run = 0; run < 10; run += 1) {
    const controller = await start({ settings: { context: { id: 'c', persist: true } } });
    const browser = await connect(controller);
    assert.is((await browser.pages()).length, 1, `run ${run} starts with one tab`);
    const page = await browser.newPage();
    await page.goto(run === 0 ? `${site.url}/login` : site.url);
    if (run === 0) await page.evaluate(STORE);
    else {
      assert.is(site.cookies.at(-1), 'login=yes; remembered=yes');
      assert.equal(await page.evaluate(READ), ['local', 'indexed']);
    }
    await browser.disconnect();
    await controller.exited;
    const report = ended(platform).at(-1);
    assert.is(report?.reason, 'disconnected');
    assert.is(report?.savedProfileBytes, platform.state.archive?.length);
  }
  assert.is(platform.state.puts, 10);
});

session('does not save a context without persist', async ({ platform, start }) => {
  const controller = await start({ settings: { context: { id: 'c', persist: false } } });
  const browser = await connect(controller);
  await browser.close();
  await controller.exited;
  assert.is(platform.state.puts, 0);
  assert.equal(
    platform.find('profile-urls').map(({ body }) => body.operation),
    ['restore'],
  );
});

session('tries again when the store is not there for a moment', async ({ platform, start }) => {
  platform.state.failNextStoreCalls = 2;
  const controller = await start({ settings: { context: { id: 'c', persist: true } } });
  const browser = await connect(controller);
  platform.state.failNextStoreCalls = 2;
  await browser.close();
  await controller.exited;
  assert.equal([platform.state.puts, platform.state.failNextStoreCalls], [1, 0]);
});

session('gives up on a store that stays away', async ({ platform, start }) => {
  platform.state.failNextStoreCalls = 100;
  const controller = await start({ settings: { context: { id: 'c', persist: true } } });
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [{ reason: 'start_failed', detail: 'the store answered 503 to GET' }]);
});

session('refuses a bad archive, says why, and leaves it alone', async ({ platform, start }) => {
  const archive = gzipSync(Buffer.from('this is not a tar archive'.repeat(100)));
  platform.state.archive = archive;
  const controller = await start({ settings: { context: { id: 'c', persist: true } } });
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [{ reason: 'bad_archive', detail: 'it is not a tar archive in gzip' }]);
  assert.is(platform.state.archive, archive);
  assert.equal(controller.chromePids(), []);
});

session('shows a page in Chrome’s own DevTools, through the proxy', async ({ start, site }) => {
  const controller = await start({ settings: { keepAlive: true } });
  const { origin } = await controller.ready();
  const browser = await connect(controller);
  const [page] = await browser.pages();
  await page?.goto(site.url);
  const live = `${origin}/live/${controller.token('live')}`;
  const listed = (await (await fetch(`http://${live}/json/list`)).json()) as { id: string; url: string }[];
  const target = listed.find(({ url }) => url === `${site.url}/`);
  assert.ok(target);
  const inspector = await browser.newPage();
  await inspector.goto(`http://${live}/devtools/inspector.html?ws=${live}/devtools/page/${target.id}`);
  // The element tree of the page, as DevTools draws it, deep in its shadow roots.
  await inspector.waitForSelector('>>> .elements-disclosure', { timeout: 30_000 });
  await inspector.waitForFunction(
    `(function find(root) {
      return [...root.querySelectorAll('*')].some((element) =>
        (element.shadowRoot !== null && find(element.shadowRoot)) || (element.children.length === 0 && element.textContent.endsWith('file.txt')));
    })(document)`,
    { timeout: 30_000 },
  );
  await browser.close();
  await controller.exited;
  assert.not.ok(existsSync(controller.folder));
});

suiteOfSessions.run();
