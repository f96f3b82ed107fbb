/** Files that a page asks for while somebody watches it: chosen by the person, in a Chrome of their own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  asUrl,
  becomes,
  spotOf,
  type ViewOptions,
  type Watched,
  withView,
} from '../../../controller/testing/live-view.ts';
import { type SessionTest, sessionTests } from '../../../controller/testing/session-suite.ts';

const suiteOfSessions = suite('files by a live view');
const inSession = sessionTests(suiteOfSessions);

const FORM = asUrl(`<!doctype html><title>Files</title><style>body{margin:20px;font:20px sans-serif}</style>
<input id=one type=file accept=".txt,image/*"><br><br><input id=many type=file multiple><br><br>
<input id=folder type=file webkitdirectory><script>
  window.told = [];
  const brief = (text) => (text.length < 100 ? text : text.length + ' x ' + [...new Set(text)].join(''));
  for (const field of document.querySelectorAll('input')) {
    field.addEventListener('cancel', () => told.push(field.id + ' cancelled'));
    field.addEventListener('change', async () => {
      const files = await Promise.all([...field.files].map(async (file) => file.name + '=' + brief(await file.text())));
      told.push(field.id + ' ' + files.join());
    });
  }
</script>`);

const folder = mkdtempSync(path.join(tmpdir(), 'wallcrawler-chosen-'));
suiteOfSessions.after(() => rmSync(folder, { recursive: true }));

/** A file of the person's own. */
function fileOf(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const withFiles = (test: SessionTest, run: (watched: Watched) => Promise<void>, options?: ViewOptions) =>
  withView(test, { ...options, url: FORM }, run);

const told = (page: Page, expected: string) =>
  becomes(page, `told.join('; ') === ${JSON.stringify(expected)}`).catch(async (error: Error) => {
    throw new Error(`${error.message}: ${await page.evaluate(`told.join('; ')`)}`);
  });

async function open({ page, view }: Watched, selector: string): Promise<void> {
  await view.mouse.click(...(await spotOf({ page, view } as Watched, selector)));
  await view.waitForSelector('#files[open]');
}

/** What the person does in the dialog of their own system. */
async function choose(view: Page, files: readonly string[]): Promise<void> {
  const [chooser] = await Promise.all([view.waitForFileChooser(), view.click('#files-choose')]);
  await chooser.accept([...files]);
}

const textOf = (view: Page, selector: string) => view.$eval(selector, ({ textContent }) => textContent);

inSession('are chosen by who watches, one or many, and arrive whole', (test) =>
  withFiles(test, async (watched) => {
    const { page, view } = watched;
    await open(watched, '#one');
    assert.is(await textOf(view, '#files-title'), 'The page asks for a file');
    assert.equal(
      await view.$eval('#files-input', (field) => {
        const { accept, multiple } = field as unknown as { accept: string; multiple: boolean };
        return [accept, multiple];
      }),
      ['.txt,image/*', false],
    );
    await choose(view, [fileOf('März 1.txt', 'first')]);
    await told(page, 'one März 1.txt=first');
    await view.waitForSelector('#files:not([open])');
    await open(watched, '#many');
    assert.is(await textOf(view, '#files-title'), 'The page asks for files');
    const large = Buffer.alloc(8 * 1024 * 1024, 'x');
    await choose(view, [fileOf('a', '1'), fileOf('b', large)]);
    await told(page, `one März 1.txt=first; many a=1,b=${large.length} x x`);
  }),
);

inSession('leave those of a client alone that have the same name, and of one another', (test) =>
  withFiles(test, async (watched) => {
    const { controller, page, view } = watched;
    const { origin } = await controller.ready();
    const put = await fetch(`http://${origin}/uploads/same.txt?signingKey=${controller.token('cdp')}`, {
      method: 'PUT',
      body: 'of the client',
    });
    assert.is(put.status, 200);
    for (const content of ['1', '2']) {
      await open(watched, '#one');
      await choose(view, [fileOf('same.txt', content)]);
      await view.waitForSelector('#files:not([open])');
    }
    await told(page, 'one same.txt=1; one same.txt=2');
    const input = await page.$('#many');
    await (input as unknown as { uploadFile(path: string): Promise<void> }).uploadFile(
      '/tmp/.uploads/same.txt',
    );
    await told(page, 'one same.txt=1; one same.txt=2; many same.txt=of the client');
  }),
);

inSession('can be refused: the page hears that nothing was chosen', (test) =>
  withFiles(test, async (watched) => {
    const { page, view } = watched;
    await open(watched, '#one');
    await view.click('#files-cancel');
    await told(page, 'one cancelled');
    await open(watched, '#folder');
    assert.is(await textOf(view, '#files-title'), 'The page asks for a folder');
    assert.ok(await view.$('#files-choose[hidden]'));
    await view.keyboard.press('Escape');
    await told(page, 'one cancelled; folder cancelled');
    await open(watched, '#many');
    await page.reload();
    await view.waitForSelector('#files:not([open])');
  }),
);

inSession('say why they cannot be sent, and others can be chosen', (test) =>
  withFiles(test, async (watched) => {
    const { page, view } = watched;
    await open(watched, '#one');
    await choose(view, [fileOf('...', 'x')]);
    await view.waitForFunction(
      `document.querySelector('#files-text').textContent === '...: This cannot be the name of a file, or is longer than 255 bytes.'`,
    );
    await choose(view, [fileOf('good.txt', 'y')]);
    await told(page, 'one good.txt=y');
  }),
);

inSession('are a client’s, for as long as it takes the choosers of its page', (test) =>
  withFiles(test, async (watched) => {
    const { page, view } = watched;
    const client = await page.createCDPSession();
    await client.send('Page.enable');
    await client.send('Page.setInterceptFileChooserDialog', { enabled: true });
    const opened = new Promise((resolve) => client.once('Page.fileChooserOpened', resolve));
    await view.mouse.click(...(await spotOf(watched, '#one')));
    await opened;
    await client.send('Page.setInterceptFileChooserDialog', { enabled: false });
    assert.ok(await view.$('#files:not([open])'));
    await open(watched, '#many');
    assert.is(await textOf(view, '#files-title'), 'The page asks for files');
  }),
);

inSession('are asked of nobody who may only watch, and taken from nobody without the right', (test) =>
  withFiles(
    test,
    async (watched) => {
      const { controller, page, view } = watched;
      const { origin } = await controller.ready();
      await page.click('#one');
      // Chrome cancels it at once: nobody could answer.
      await told(page, 'one cancelled');
      assert.ok(await view.$('#files:not([open])'));
      const put = async (token: string, path = 'files/c-1/a') => {
        const answer = await fetch(`http://${origin}/live/${token}/${path}`, { method: 'PUT', body: 'x' });
        return [answer.status, ((await answer.json()) as { message: string }).message];
      };
      assert.equal(await put(controller.token('live', { isViewOnly: true })), [
        403,
        'This link is for watching: with it nobody can send a file',
      ]);
      assert.equal(await put(controller.token('live')), [
        409,
        'The page does not ask for this file any more',
      ]);
      assert.is((await put(controller.token('cdp')))[0], 401);
      assert.is((await put(controller.token('live'), 'view'))[0], 405);
    },
    { claims: { isViewOnly: true } },
  ),
);

suiteOfSessions.run();
