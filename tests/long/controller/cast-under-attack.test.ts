/** The live view's socket, without its page: pages that block, and viewers that are in each other's way. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Dialog, Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asUrl, idOf } from '../../../controller/testing/live-view.ts';
import type { RunningController, RunOptions } from '../../../controller/testing/run-controller.ts';
import { connect, type SessionTest, sessionTests } from '../../../controller/testing/session-suite.ts';
import { castUrl, createWatcher, type Watcher } from '../../../controller/testing/watcher.ts';
import type { ViewerMessage } from '../../../core/domain/cast-messages.ts';

const suiteOfSessions = suite('the live view under attack');
const inSession = sessionTests(suiteOfSessions);

const LIMIT_MS = 10_000;

interface Session {
  readonly controller: RunningController;
  readonly browser: Browser;
  readonly page: Page;
  readonly watch: (claims?: { pageId?: string; isViewOnly?: boolean }) => Promise<Watcher>;
}

async function withSession(
  { start }: SessionTest,
  options: RunOptions,
  run: (context: Session) => Promise<void>,
): Promise<void> {
  const controller = await start(options);
  const browser = await connect(controller);
  const [page] = (await browser.pages()) as [Page];
  const watch = async (claims?: { pageId?: string; isViewOnly?: boolean }) =>
    createWatcher(await castUrl(controller, claims));
  await run({ controller, browser, page, watch });
}

const withPage = (test: SessionTest, run: (context: Session) => Promise<void>): Promise<void> =>
  withSession(test, {}, async (session) => {
    await run(session);
    await session.browser.close();
    await session.controller.exited;
  });

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

inSession('who comes while a dialog is open is asked what it asks, and answers it', (test) =>
  withPage(test, async ({ browser, page, watch }) => {
    await page.goto(asUrl('<title>x</title>hello'));
    const other = await browser.newPage();
    await other.goto(asUrl('<title>other</title>'));
    for (const [opens, dialog, answer, expected] of [
      [`alert('now')`, { kind: 'alert', text: 'now', defaultText: '' }, '', 'undefined'],
      [`confirm('Sure?')`, { kind: 'confirm', text: 'Sure?', defaultText: '' }, '', 'true'],
      [`prompt('Who?', 'me')`, { kind: 'prompt', text: 'Who?', defaultText: 'me' }, 'Ada', 'Ada'],
    ] as const) {
      const asked = new Promise<Dialog>((resolve) => page.once('dialog', resolve));
      page.evaluate(`setTimeout(() => { document.title = String(${opens}); })`).catch(() => undefined);
      await asked;
      const [viewer, onlooker] = [await watch({ pageId: idOf(page) }), await watch({ isViewOnly: true })];
      await onlooker.hasPicture();
      onlooker.send({ type: 'watch', pageId: idOf(page) });
      for (const each of [viewer, onlooker]) {
        await each.isTold('dialog');
        assert.equal(
          each.told.find(({ type }) => type === 'dialog'),
          { type: 'dialog', ...dialog },
        );
        await each.hasPicture();
      }
      viewer.send({ type: 'dialog', isAccepted: true, text: answer });
      await Promise.all([viewer.isTold('dialog-closed'), onlooker.isTold('dialog-closed')]);
      await becomes(page, `document.title === '${expected}'`);
      for (const each of [viewer, onlooker]) each.close();
    }
  }),
);

inSession(
  'a dialog is answered that opened while no client was there, and one before a page is left',
  (test) =>
    withSession(test, { settings: { keepAlive: true } }, async ({ controller, browser, page, watch }) => {
      await page.goto(
        asUrl(`<title>x</title><body style="margin:0"><button style="position:fixed;inset:0">x</button><script>
        onbeforeunload = (event) => { event.preventDefault(); return 'no' };
        setTimeout(() => { document.title = 'asks'; document.title = String(confirm('Alone?')); }, 1_500)</script>`),
      );
      const pageId = idOf(page);
      await browser.disconnect();
      // Nobody is there who could say that it is open.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      const viewer = await watch({ pageId });
      await viewer.isTold('dialog');
      viewer.send({ type: 'dialog', isAccepted: true, text: '' });
      await viewer.isTold('dialog-closed');
      viewer.send(press('pressed', 20, 20));
      viewer.send(press('released', 20, 20));
      viewer.send({ type: 'navigate', url: test.site.url });
      await viewer.isTold('dialog', 2);
      const late = await watch({ pageId });
      await late.isTold('dialog');
      assert.is((late.told.find(({ type }) => type === 'dialog') as { kind?: string }).kind, 'beforeunload');
      late.send({ type: 'dialog', isAccepted: true, text: '' });
      await late.until('the site', () =>
        late.told.some((message) => message.type === 'page' && message.page.url.startsWith(test.site.url)),
      );
      const again = await connect(controller);
      await again.close();
      controller.kill('SIGTERM');
      await controller.exited;
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
      `const o = new Option('x', 'v'.repeat(2_000_000)); document.querySelector('select').append(o);`,
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
