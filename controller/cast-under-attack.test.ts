/** The live view's socket, without its page: pages that block, and viewers that are in each other's way. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Dialog, Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import type { CastMessage, ViewerMessage } from '../core/domain/cast-messages.ts';
import type { RunningController } from './testing/run-controller.ts';
import { connect, type SessionTest, sessionTests } from './testing/session-suite.ts';

const suiteOfSessions = suite('the live view under attack');
const inSession = sessionTests(suiteOfSessions);

const LIMIT_MS = 10_000;
const asUrl = (html: string) => `data:text/html,${encodeURIComponent(html)}`;
const idOf = (page: Page): string => (page.target() as unknown as { _targetId: string })._targetId;

/** A viewer on the wire, with what it was told. */
function createWatcher(url: string) {
  const socket = new WebSocket(url);
  const told: CastMessage[] = [];
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  const checks = new Set<() => void>();
  let frames = 0;
  const wake = () => {
    for (const check of checks) check();
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      frames += 1;
      socket.send(JSON.stringify({ type: 'ack', number: data.readUInt32BE(0) }));
    } else told.push(JSON.parse(data.toString()) as CastMessage);
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', (code, reason) => closed.resolve({ code, reason: reason.toString() }));
  function until(what: string, test: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!test()) return;
        checks.delete(check);
        clearTimeout(late);
        resolve();
      };
      const late = setTimeout(() => {
        checks.delete(check);
        reject(new Error(`Not within ${LIMIT_MS} ms: ${what}; told ${JSON.stringify(told).slice(0, 2_000)}`));
      }, LIMIT_MS);
      checks.add(check);
      check();
    });
  }
  return {
    told,
    closed: closed.promise,
    socket,
    send: (message: ViewerMessage) => socket.send(JSON.stringify(message)),
    hasPicture: () => until('a picture', () => frames > 0),
    frames: () => frames,
    isTold: (type: CastMessage['type'], count = 1) =>
      until(`${count} of ${type}`, () => told.filter((message) => message.type === type).length >= count),
    until,
    close: () => socket.close(),
  };
}

type Watcher = ReturnType<typeof createWatcher>;

async function castUrl(
  controller: RunningController,
  claims: { pageId?: string; isViewOnly?: boolean } = {},
) {
  const { origin } = await controller.ready();
  const page = claims.pageId === undefined ? '' : `/${claims.pageId}`;
  return `ws://${origin}/live/${controller.token('live', claims)}/cast${page}`;
}

async function withPage(
  { start }: SessionTest,
  run: (context: {
    controller: RunningController;
    browser: Browser;
    page: Page;
    watch: (claims?: { pageId?: string; isViewOnly?: boolean }) => Promise<Watcher>;
  }) => Promise<void>,
): Promise<void> {
  const controller = await start();
  const browser = await connect(controller);
  const [page] = (await browser.pages()) as [Page];
  const watch = async (claims?: { pageId?: string; isViewOnly?: boolean }) =>
    createWatcher(await castUrl(controller, claims));
  await run({ controller, browser, page, watch });
  await browser.close();
  await controller.exited;
}

const press = (event: 'pressed' | 'released', x: number, y: number): ViewerMessage => ({
  type: 'mouse',
  event,
  x,
  y,
  button: 'left',
  buttons: event === 'pressed' ? 1 : 0,
  clickCount: 1,
  modifiers: 0,
});
const becomes = (page: Page, expression: string) =>
  page.waitForFunction(expression, { timeout: LIMIT_MS, polling: 50 });

inSession('a choice whose page asks something is answered by the person who made it', (test) =>
  withPage(test, async ({ page, watch }) => {
    await page.goto(
      asUrl(`<select style="position:fixed;inset:0;width:300px;height:40px" onchange="document.title = String(confirm('Sure?'))">
      <option>a<option>b</select>`),
    );
    const viewer = await watch();
    await viewer.hasPicture();
    viewer.send(press('pressed', 20, 20));
    await viewer.isTold('picker');
    viewer.send(press('released', 20, 20));
    viewer.send({ type: 'pick', values: ['1'] });
    await viewer.isTold('dialog');
    viewer.send({ type: 'dialog', isAccepted: true, text: '' });
    await viewer.isTold('dialog-closed');
    await becomes(page, `document.title === 'true'`);
  }),
);

inSession('a page that asks before it is left is left by an answer', (test) =>
  withPage(test, async ({ page, watch }) => {
    await page.goto(
      asUrl(`<title>stay</title><body style="margin:0"><button style="position:fixed;inset:0">x</button>
      <script>onbeforeunload = (event) => { event.preventDefault(); return 'no' }</script>`),
    );
    const viewer = await watch();
    await viewer.hasPicture();
    viewer.send(press('pressed', 20, 20));
    viewer.send(press('released', 20, 20));
    viewer.send({ type: 'navigate', url: test.site.url });
    await viewer.isTold('dialog');
    viewer.send({ type: 'dialog', isAccepted: true, text: '' });
    await becomes(page, `document.title === 'site'`);
  }),
);

inSession('a site that never answers is left for another', (test) =>
  withPage(test, async ({ page, watch }) => {
    const silent: Server = createServer(() => undefined).listen(0, '127.0.0.1');
    try {
      await page.goto(asUrl('<title>here</title>'));
      const viewer = await watch();
      await viewer.hasPicture();
      const { port } = silent.address() as AddressInfo;
      viewer.send({ type: 'navigate', url: `http://127.0.0.1:${port}/` });
      viewer.send({ type: 'navigate', url: test.site.url });
      await becomes(page, `document.title === 'site'`);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  }),
);

inSession('who comes while a dialog is open sees the tabs, and its end', (test) =>
  withPage(test, async ({ browser, page, watch }) => {
    await page.goto(asUrl('<title>x</title>hello'));
    const other = await browser.newPage();
    await other.goto(asUrl('<title>other</title>'));
    const asked = new Promise<Dialog>((resolve) => page.once('dialog', resolve));
    page.evaluate(`setTimeout(() => { alert('now'); document.title = 'over'; })`).catch(() => undefined);
    const dialog = await asked;
    const viewer = await watch({ pageId: idOf(page) });
    await viewer.isTold('page');
    await viewer.hasPicture();
    const tabs = await watch();
    await tabs.isTold('pages');
    tabs.send({ type: 'watch', pageId: idOf(page) });
    tabs.send({ type: 'watch', pageId: idOf(other) });
    await tabs.hasPicture();
    await dialog.accept();
    viewer.send({ type: 'copy' });
    await viewer.isTold('copied');
  }),
);

inSession('a page that hangs is shown, and another can be chosen', (test) =>
  withPage(test, async ({ browser, page, watch }) => {
    await page.goto(asUrl('<title>here</title>'));
    const other = await browser.newPage();
    await other.goto(asUrl('<title>hangs</title>hello'));
    const hangs = new Promise((resolve) => other.once('console', resolve));
    other
      .evaluate(
        `setTimeout(() => { console.log('now'); const end = Date.now() + 25_000; while (Date.now() < end); })`,
      )
      .catch(() => undefined);
    await hangs;
    const viewer = await watch();
    await viewer.isTold('pages');
    viewer.send({ type: 'watch', pageId: idOf(page) });
    await viewer.until('here', () =>
      viewer.told.some((message) => message.type === 'page' && message.page.title === 'here'),
    );
    await viewer.hasPicture();
  }),
);

inSession('the frontend’s own target is no tab', (test) =>
  withPage(test, async ({ controller, page, watch }) => {
    await page.goto(asUrl('<title>x</title>hello'));
    const viewer = await watch();
    await viewer.hasPicture();
    const { origin } = await controller.ready();
    const answer = await fetch(
      `http://${origin}/live/${controller.token('live', {})}/devtools/inspector.html`,
    );
    assert.is(answer.status, 200);
    await answer.text();
    const names = viewer.told.flatMap((message) =>
      message.type === 'pages' ? message.pages.map(({ url }) => url) : [],
    );
    assert.equal(
      [...new Set(names.map((name) => name.slice(0, 12)))].filter(
        (name) => !name.startsWith('data:') && !name.startsWith('about:blank'),
      ),
      [],
      names.join(),
    );
  }),
);

inSession('a page’s own words are cut before they travel', (test) =>
  withPage(test, async ({ page, watch }) => {
    await page.goto(
      asUrl(
        `<select style="position:fixed;inset:0;width:300px;height:40px;cursor:url('http://127.0.0.1:9/c.png'), help"></select>`,
      ),
    );
    await page.evaluate(
      `const o = new Option('x', 'v'.repeat(20_000_000)); document.querySelector('select').append(o);`,
    );
    const viewer = await watch();
    await viewer.hasPicture();
    viewer.send({ ...press('released', 20, 20), event: 'moved', button: 'none' } as ViewerMessage);
    await viewer.isTold('cursor');
    assert.equal(
      viewer.told
        .filter(({ type }) => type === 'cursor')
        .map((message) => (message as { cursor: string }).cursor),
      ['help'],
    );
    viewer.send(press('pressed', 20, 20));
    await viewer.isTold('picker');
    assert.ok(JSON.stringify(viewer.told).length < 50_000);
  }),
);

inSession('a message that is too large ends its own socket only', (test) =>
  withPage(test, async ({ watch }) => {
    const viewer = await watch({ isViewOnly: true });
    await viewer.isTold('hello');
    viewer.socket.send(`{"type":"ack","number":1,"more":"${'x'.repeat(300 * 1024)}"}`);
    assert.is((await viewer.closed).code, 1009);
  }),
);

inSession('touches reach the page, and what a client says of touch stays as it was', (test) =>
  withPage(test, async ({ page, watch }) => {
    const touches = () =>
      page.evaluate(
        `[navigator.maxTouchPoints, 'ontouchstart' in window, matchMedia('(pointer: coarse)').matches].join()`,
      );
    for (const hasTouch of [true, false]) {
      await page.setViewport({ width: 400, height: 400, hasTouch });
      await page.goto(
        asUrl(`<title>x</title><button style="position:fixed;inset:0" onclick="document.title += ' clicked'">x</button>
          <script>document.addEventListener('touchstart', () => { document.title = 'touched' })</script>`),
      );
      const before = await touches();
      const viewer = await watch();
      await viewer.hasPicture();
      viewer.send({ type: 'touch', event: 'start', points: [{ id: 0, x: 100, y: 100 }], modifiers: 0 });
      viewer.send({ type: 'touch', event: 'end', points: [], modifiers: 0 });
      await becomes(page, `document.title === 'touched clicked'`);
      assert.is(await touches(), before);
      viewer.close();
      await viewer.closed;
      await (await watch({ isViewOnly: true })).hasPicture();
      assert.is(await touches(), before);
    }
  }),
);

suiteOfSessions.run();
