import { hash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { closing } from './testing/proxy-fixture.ts';
import { TEST_CHROME_UID } from './testing/run-controller.ts';
import { connect, ended, sessionTests } from './testing/session-suite.ts';

const suiteOfSessions = suite('a session');
const session = sessionTests(suiteOfSessions);
// Of 190 files, in a browser of its own: three seconds from Chrome’s own port, ten times that on a machine with 16 at work.
const DEVTOOLS_LIMIT_MS = 80_000;

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

session('ends like a release on Browser.close', async ({ platform, start }) => {
  const controller = await start();
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
  await platform.called('heartbeat', ({ body }) => body.connectionCount === 0);
  controller.kill('SIGTERM');
  await controller.exited;
  assert.equal(ended(platform), [{ reason: 'platform_stopping' }]);
});

session(
  'puts downloads into its own folder, wherever the client wants them',
  async ({ platform, start, site }) => {
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
    // From there it is stored, and does not stay.
    const { sizeBytes, sha256 } = await platform.called('downloads');
    assert.equal([sizeBytes, sha256], ['the report'.length, hash('sha256', 'the report')]);
    assert.not(existsSync('/tmp/of-the-client'));
    await browser.close();
    await controller.exited;
  },
);

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

session('names the variables that are wrong, and no values', async ({ start }) => {
  const controller = await start({ env: { TOKEN_PUBLIC_KEYS: 'secret-value', IDLE_TIMEOUT_MS: '-1' } });
  assert.is((await controller.exited).code, 1);
  const { faults } = JSON.parse(controller.output());
  assert.equal(faults, [
    'TOKEN_PUBLIC_KEYS must be JSON',
    'IDLE_TIMEOUT_MS must be a whole number from 1 to 86400000',
  ]);
  assert.not.match(controller.output(), 'secret-value');
});

session('shows a page in Chrome’s own DevTools, through the proxy', async ({ start, site }) => {
  const controller = await start();
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
  await inspector.waitForSelector('>>> .elements-disclosure', { timeout: DEVTOOLS_LIMIT_MS });
  await inspector.waitForFunction(
    `(function find(root) {
      return [...root.querySelectorAll('*')].some((element) =>
        (element.shadowRoot !== null && find(element.shadowRoot)) || (element.children.length === 0 && element.textContent.endsWith('file.txt')));
    })(document)`,
    { timeout: DEVTOOLS_LIMIT_MS },
  );
  await browser.close();
  await controller.exited;
  assert.not.ok(existsSync(controller.folder));
});

suiteOfSessions.run();
