/** Chrome's own DevTools frontend, in a Chrome of its own, by a link of one page. */
import { EventEmitter, once } from 'node:events';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { connected } from '../core/testing/handshake.ts';
import { findChrome, type RunningController } from './testing/run-controller.ts';
import { connect, sessionTests } from './testing/session-suite.ts';

const suiteOfSessions = suite('the live view of a session');
const session = sessionTests(suiteOfSessions);

const CANVAS = '.screencast-canvas-container canvas';
const ADDRESS = '.screencast-navigation input';
const BUTTON = `<title>before</title><button style="position:fixed;inset:0" onclick="document.title='clicked'">x</button>`;

/** A bare client: nothing between the test and the wire. */
function createCdp(socket: WebSocket) {
  type Message = Record<string, unknown> & { readonly params?: Record<string, unknown> };
  const events: Message[] = [];
  const arrivals = new EventEmitter();
  const waiting = new Map<unknown, (answer: Message) => void>();
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    const settle = waiting.get(message.id);
    if (settle !== undefined) return settle(message);
    events.push(message);
    arrivals.emit('event');
  });
  return {
    ask(method: string, params: object = {}): Promise<Message> {
      const id = waiting.size + 1;
      socket.send(JSON.stringify({ id, method, params }));
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    eventsOf: (method: string) => () =>
      events.filter((event) => event.method === method).map(({ params = {} }) => params),
    /** With the next event after which it is so. */
    async until(isSo: () => boolean): Promise<void> {
      while (!isSo()) await once(arrivals, 'event');
    },
    close: () => socket.close(),
  };
}

const idOf = (page: Page): string => (page.target() as unknown as { _targetId: string })._targetId;

/** A person with the link of this page. */
async function watch(viewer: Browser, controller: RunningController, pageId: string): Promise<Page> {
  const { origin } = await controller.ready();
  const live = `${origin}/live/${controller.token('live', { pageId })}`;
  const view = await viewer.newPage();
  await view.setViewport({ width: 1200, height: 800 });
  await view.goto(`http://${live}/devtools/inspector.html?ws=${live}/devtools/page/${pageId}`);
  return view;
}

/** As far as the test looks at it: its types are a browser's. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(...area: readonly number[]): { readonly data: { readonly buffer: ArrayBuffer } };
  };
}

/** The picture that the viewer sees: when it is there, it is not of one colour. */
async function pictureIn(view: Page) {
  const canvas = await view.waitForSelector(CANVAS, { timeout: 20_000 });
  if (canvas === null) throw new Error('There is no screencast');
  const isPainted = (element: unknown) => {
    const canvas = element as Canvas;
    const { width, height } = canvas;
    if (width === 0 || height === 0) return false;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size > 2;
  };
  await view.waitForFunction(isPainted, { timeout: 20_000 }, canvas);
  return canvas;
}

session('shows the page, takes a person’s clicks and addresses, and names no other page', async (test) => {
  const controller = await test.start();
  const browser = await connect(controller);
  const other = await browser.newPage();
  await other.goto('data:text/html,<title>not to be seen</title>');
  const page = await browser.newPage();
  await page.goto(`data:text/html,${BUTTON}`);
  const viewer = await puppeteer.launch({ executablePath: findChrome(), args: ['--no-sandbox'] });
  try {
    const view = await watch(viewer, controller, idOf(page));
    const told: string[] = [];
    const frames = await view.createCDPSession();
    await frames.send('Network.enable');
    frames.on('Network.webSocketFrameReceived', ({ response }) => told.push(response.payloadData));
    await view.reload();
    await (await pictureIn(view)).click();
    await page.waitForFunction("document.title === 'clicked'");
    const address = await view.waitForSelector(ADDRESS);
    await address?.click({ count: 3 });
    await view.keyboard.type(test.site.url);
    const arrived = page.waitForNavigation();
    await view.keyboard.press('Enter');
    await arrived;
    assert.is(page.url(), `${test.site.url}/`);
    assert.ok(told.length > 10);
    for (const text of told) assert.not.match(text, /not to be seen|Target\.targetCreated/);
  } finally {
    await viewer.close();
  }
  await browser.close();
  await controller.exited;
});

session(
  'reaches frames and workers of its page, and no page that it opened, cookie or file',
  async (test) => {
    const controller = await test.start();
    const browser = await connect(controller);
    const page = await browser.newPage();
    await page.goto(`${test.site.url}/login`);
    const { origin } = await controller.ready();
    const pageId = idOf(page);
    const link = `ws://${origin}/live/${controller.token('live', { pageId })}/devtools/page/${pageId}`;
    const viewer = createCdp(await connected(new WebSocket(link)));
    const attached = viewer.eventsOf('Target.attachedToTarget');
    await viewer.ask('Network.enable');
    await viewer.ask('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    const frame = test.site.url.replace('127.0.0.1', 'localhost');
    const expression = `open('about:blank'); window.kept = new Worker('data:text/javascript,0');
    new Promise((resolve) => { const f = document.createElement('iframe'); f.onload = resolve; f.src = '${frame}'; document.body.append(f); })`;
    const evaluated = await viewer.ask('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      userGesture: true,
    });
    assert.is(evaluated.error, undefined);
    await browser.waitForTarget((target) => target.opener() === page.target());
    const types = () => new Set(attached().map(({ targetInfo }) => (targetInfo as { type: string }).type));
    await viewer.until(() => types().has('worker') && types().has('iframe'));
    assert.equal([...types()].sort(), ['iframe', 'worker']);
    assert.equal(viewer.eventsOf('Network.requestWillBeSentExtraInfo')(), []);
    assert.ok(viewer.eventsOf('Network.requestWillBeSent')().length > 0);
    const cookies = await viewer.ask('Network.getCookies');
    assert.equal(cookies.error, { code: -32601, message: "'Network.getCookies' wasn't found" });
    const file = await viewer.ask('Page.navigate', { url: 'file:///etc/passwd' });
    assert.equal(file.error, { code: -32000, message: 'Cannot navigate to invalid URL' });
    assert.is(page.url(), `${test.site.url}/login`);
    viewer.close();
    await browser.close();
    await controller.exited;
  },
);

suiteOfSessions.run();
