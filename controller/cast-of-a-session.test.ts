/** The live view's own page, in a Chrome of its own: what a person sees and does by a link of a session. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { refusalOf } from '../core/testing/handshake.ts';
import {
  asUrl,
  becomes,
  fieldOf,
  idOf,
  linkOf,
  spotOf,
  type ViewOptions,
  type Watched,
  withView,
} from './testing/live-view.ts';
import { closing } from './testing/proxy-fixture.ts';
import { connect, type SessionTest, sessionTests } from './testing/session-suite.ts';

const suiteOfSessions = suite('the live view of a page');
const inSession = sessionTests(suiteOfSessions);

const FORM = `<!doctype html><title>A form</title><style>body{margin:20px;font:20px sans-serif}</style>
<input id=name> <textarea id=notes></textarea>
<select id=size><option>small<option>large<optgroup label=More><option>huge</optgroup></select>
<input id=day type=date> <button id=ask onclick="setTimeout(() => { document.title = String(prompt('Who?', 'me')) })">Ask</button>
<div id=pad style="height:3000px;touch-action:pan-y"></div><script>
  window.told = [];
  for (const name of ['compositionstart', 'compositionend']) notes.addEventListener(name, (event) => told.push([name, event.data]));
</script>`;
/** A session with a form in it, and a person who looks at it. */
const withForm = (test: SessionTest, run: (watched: Watched) => Promise<void>, options?: ViewOptions) =>
  withView(test, { ...options, url: asUrl(FORM) }, run);

inSession('is clicked and typed into, scrolled, and taken elsewhere', (test) =>
  withForm(test, async (watched) => {
    const { page, view } = watched;
    await view.mouse.click(...(await spotOf(watched, '#name')));
    await view.keyboard.type('Ada L!');
    await becomes(page, `document.getElementById('name').value === 'Ada L!'`);
    await view.keyboard.press('Backspace');
    await view.keyboard.down('Control');
    await view.keyboard.press('a');
    await view.keyboard.up('Control');
    await view.keyboard.type('B');
    await becomes(page, `document.getElementById('name').value === 'B'`);
    await view.mouse.wheel({ deltaY: 300 });
    await becomes(page, 'scrollY > 100');
    await view.click('#url');
    await view.keyboard.type(test.site.url);
    await view.keyboard.press('Enter');
    await becomes(page, `location.href.startsWith(${JSON.stringify(test.site.url)})`);
    await view.waitForSelector('#back:not([disabled])');
    await view.click('#back');
    await becomes(page, `document.title === 'A form'`);
    await view.waitForFunction(`document.title === 'A form - live view'`);
  }),
);

inSession('takes what an input method composes, and what is pasted', (test) =>
  withForm(test, async (watched) => {
    const { page, view } = watched;
    await view.mouse.click(...(await spotOf(watched, '#notes')));
    const cdp = await view.createCDPSession();
    for (const [steps, text] of [
      [['ㅎ', '하', '한'], '한'],
      [['に', 'にほん', '日本'], '日本'],
    ] as const) {
      for (const step of steps)
        await cdp.send('Input.imeSetComposition', {
          text: step,
          selectionStart: step.length,
          selectionEnd: step.length,
        });
      await cdp.send('Input.insertText', { text });
    }
    await becomes(page, `document.getElementById('notes').value === '한日本'`);
    assert.equal(
      await page.evaluate('told.filter(([name]) => name === "compositionend").map(([, data]) => data)'),
      ['한', '日本'],
    );
    await view.$eval('#keys', (field) => {
      const browser = globalThis as unknown as {
        DataTransfer: new () => { setData(type: string, text: string): void };
        ClipboardEvent: new (name: string, options: object) => Event;
      };
      const clipboardData = new browser.DataTransfer();
      clipboardData.setData('text/plain', ' pasted');
      field.dispatchEvent(new browser.ClipboardEvent('paste', { clipboardData, cancelable: true }));
    });
    await becomes(page, `document.getElementById('notes').value === '한日本 pasted'`);
  }),
);

inSession('shows what no picture has: choices, dates and dialogs', (test) =>
  withForm(test, async (watched) => {
    const { page, view } = watched;
    await page.evaluate(`size.addEventListener('change', () => { document.title = 'changed' })`);
    await view.mouse.click(...(await spotOf(watched, '#size')));
    await view.waitForSelector('#picker:not([hidden]) select');
    assert.equal(
      await view.$$eval('#picker option', (options) => options.map(({ textContent }) => textContent)),
      ['small', 'large', 'huge'],
    );
    await view.keyboard.press('ArrowDown');
    await view.keyboard.press('Enter');
    await becomes(page, `document.getElementById('size').value === 'large' && document.title === 'changed'`);

    await view.mouse.click(...(await spotOf(watched, '#day')));
    const day = await view.waitForSelector('#picker:not([hidden]) input[type=date]');
    await day?.evaluate((field) => {
      Object.assign(field, { value: '2026-12-24' });
      field.dispatchEvent(new Event('change'));
    });
    await becomes(page, `document.getElementById('day').value === '2026-12-24'`);
    await view.mouse.click(...(await spotOf(watched, '#notes')));
    await view.waitForSelector('#picker[hidden]');

    await view.mouse.click(...(await spotOf(watched, '#ask')));
    await view.waitForSelector('dialog[open]');
    assert.is(await fieldOf(view, '#dialog-input'), 'me');
    // Who types answers: a space presses no button.
    await view.keyboard.type('Ada Byron');
    await view.keyboard.press('Enter');
    await becomes(page, `document.title === 'Ada Byron'`);
    await view.waitForSelector('dialog:not([open])');
  }),
);

inSession(
  'follows the session to a new page and to the one at work, and goes to the one that is chosen',
  (test) =>
    withForm(test, async ({ browser, page, view }) => {
      assert.ok(await view.$('#tabs[hidden]'));
      const second = await browser.newPage();
      await second.goto(asUrl('<title>Second</title>'));
      await view.waitForFunction(`document.title === 'Second - live view'`);
      // Somebody works in the first one again: after a second it is that which is shown.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await page.evaluate('1');
      await view.waitForFunction(`document.title === 'A form - live view'`);
      const [, other] = await view.$$('#tabs button');
      await other?.click();
      await view.waitForFunction(`document.title === 'Second - live view'`);
      await page.evaluate('1');
      const [first] = await view.$$('#tabs button');
      await first?.click();
      await view.waitForFunction(`document.title === 'A form - live view'`);
      await second.close();
      await view.waitForSelector('#tabs[hidden]');
    }),
);

inSession('is only looked at by who may only watch, whatever is sent', (test) =>
  withForm(
    test,
    async (watched) => {
      const { controller, page, view } = watched;
      await view.mouse.click(...(await spotOf(watched, '#name')));
      await view.keyboard.type('x');
      assert.ok(await view.$('#back[hidden]'));
      const { origin } = await controller.ready();
      const watching = `ws://${origin}/live/${controller.token('live', { isViewOnly: true })}/cast`;
      for (const [message, code, reason] of [
        [
          JSON.stringify({ type: 'text', text: 'x' }),
          1008,
          'This link is for watching: with it nobody can act in the page',
        ],
        [
          JSON.stringify({ type: 'reload' }),
          1008,
          'This link is for watching: with it nobody can act in the page',
        ],
        ['{', 1008, 'A message must be JSON'],
        [JSON.stringify({ id: 1, method: 'Browser.close' }), 1008, /^type must be one of/],
        [Buffer.from([1]), 1003, 'What a live view sends is JSON; this was a binary message'],
      ] as const) {
        const socket = new WebSocket(watching);
        const closed = closing(socket);
        socket.once('open', () => socket.send(message));
        const [given, sentence] = await closed;
        assert.is(given, code);
        assert.match(String(sentence), reason);
      }
      assert.is(await fieldOf(page, '#name'), '');
    },
    { claims: { isViewOnly: true } },
  ),
);

inSession('reaches its own page and no other by a link for one', async (test) => {
  const controller = await test.start();
  const browser = await connect(controller);
  const [page] = (await browser.pages()) as [Page];
  const other = await browser.newPage();
  const { origin } = await controller.ready();
  const token = controller.token('live', { pageId: idOf(page) });
  const at = (path: string) => new WebSocket(`ws://${origin}/live/${token}/cast${path}`);
  assert.is((await refusalOf(at(''))).status, 401);
  assert.is((await refusalOf(at(`/${idOf(other)}`))).status, 401);
  const own = at(`/${idOf(page)}`);
  const told: string[] = [];
  const shown = new Promise<void>((resolve) => {
    own.on('message', (data, isBinary) => (isBinary ? resolve() : told.push(String(data))));
  });
  await shown;
  assert.not.match(told.join(), idOf(other));
  const closed = closing(own);
  own.send(JSON.stringify({ type: 'watch', pageId: idOf(other) }));
  await page.close();
  assert.equal(await closed, [1001, 'The page was closed']);
  const missing = new WebSocket(`ws://${origin}/live/${controller.token('live')}/cast/NONE`);
  assert.equal(await closing(missing), [1001, 'The page was closed']);
  await browser.close();
  await controller.exited;
});

inSession('is framed by another site, which hears of its end', async (test) => {
  const site: Server = createServer((request, response) => {
    const link = new URL(request.url ?? '', 'http://x').searchParams.get('link') ?? '';
    response.setHeader('content-type', 'text/html');
    response.end(`<script>addEventListener('message', ({ data }) => { document.title = data })</script>
      <iframe src="${link}?navbar=false" style="width:600px;height:400px"></iframe>`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  try {
    await withForm(test, async ({ controller, browser, view }) => {
      await view.goto(`http://localhost:${port}/?link=${encodeURIComponent(await linkOf(controller))}`);
      const frame = await (await view.waitForSelector('iframe'))?.contentFrame();
      await frame?.waitForSelector('body[data-state=live]', { timeout: 20_000 });
      assert.ok(await frame?.$('#bar[hidden]'));
      await browser.close();
      await view.waitForFunction(`document.title === 'browserbase-disconnected'`, { timeout: 15_000 });
      assert.is(
        await frame?.$eval('#notice-title', ({ textContent }) => textContent),
        'This live view has ended',
      );
      assert.ok(await frame?.$('#again[hidden]'));
    });
  } finally {
    site.closeAllConnections();
    site.close();
  }
});

suiteOfSessions.run();
