import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pidsMentioning } from '../../../controller/chrome/orphaned-processes.ts';
import { TEST_CHROME_UID } from '../../../controller/testing/run-controller.ts';
import { connect, ended, sessionTests } from '../../../controller/testing/session-suite.ts';
import { buildZip, type ZipPart } from '../../../core/extension-zip/testing/build-zip.ts';

const EXTENSION_ID = '00000000-0000-4000-8000-00000000000e';
const MANIFEST = {
  manifest_version: 3,
  name: 'Marks pages',
  version: '1.0',
  permissions: ['storage', 'declarativeNetRequest'],
  background: { service_worker: 'worker.js' },
  content_scripts: [{ matches: ['<all_urls>'], js: ['mark.js'] }],
  // Chrome writes their index into the extension's folder.
  declarative_net_request: { rule_resources: [{ id: 'r', enabled: true, path: 'rules.json' }] },
};
const RULE = {
  id: 1,
  action: { type: 'block' },
  condition: { urlFilter: '/blocked', resourceTypes: ['main_frame'] },
};
// Counts the sessions in which it has run, and puts the count and its own id on the page.
const MARK = `chrome.storage.local.get('runs', ({ runs = 0 }) => {
  chrome.storage.local.set({ runs: runs + 1 }, () => {
    document.documentElement.dataset.mark = chrome.runtime.id + ' ' + (runs + 1);
  });
});`;

const zipOf = (manifest: object = MANIFEST, ...more: readonly ZipPart[]): Buffer =>
  buildZip([
    { name: 'manifest.json', content: JSON.stringify(manifest) },
    { name: 'worker.js', content: '' },
    { name: 'mark.js', content: MARK },
    { name: 'rules.json', content: JSON.stringify([RULE]) },
    ...more,
  ]);

const settings = { extensionId: EXTENSION_ID };

/** What the extension has put on a page: its own id, and how often it has run. */
async function markOf(browser: Browser, url: string): Promise<string[]> {
  const [page] = await browser.pages();
  await page?.goto(url);
  await page?.waitForFunction('document.documentElement.dataset.mark !== undefined');
  const mark = await page?.evaluate('document.documentElement.dataset.mark');
  return String(mark).split(' ');
}

const suiteOfSessions = suite('the extension of a session');
const session = sessionTests(suiteOfSessions);

session(
  'is there before its client, in a container that starts for it',
  async ({ platform, start, site }) => {
    platform.state.extension = zipOf(MANIFEST, { name: 'js/more.js', content: 'x' });
    const controller = await start({ settings });
    const browser = await connect(controller);
    const [id = ''] = await markOf(browser, site.url);
    assert.match(id, /^[a-p]{32}$/);
    const client = await browser.target().createCDPSession();
    const { extensions } = (await client.send('Extensions.getExtensions' as never)) as never as {
      extensions: { id: string; name: string; enabled: boolean }[];
    };
    assert.equal(
      extensions.map((found) => [found.id, found.name, found.enabled]),
      [[id, 'Marks pages', true]],
    );
    const [page] = await browser.pages();
    assert.match(
      await page?.goto(`${site.url}/blocked`).catch((error) => error.message),
      'ERR_BLOCKED_BY_CLIENT',
    );

    await refuses(client.send('Extensions.loadUnpacked' as never, { path: '/etc' } as never));
    await client.send('Extensions.uninstall' as never, { id } as never);
    await browser.close();
    await controller.exited;
    assert.equal(ended(platform), [{ reason: 'browser_closed' }]);
  },
);

const refuses = async (answer: Promise<unknown>) =>
  assert.match(String(await answer.catch((error) => error.message)), 'No folder of the container is loaded');

session(
  'keeps what it stores in a context, cold and claimed, under one id',
  async ({ platform, start, site }) => {
    platform.state.extension = zipOf();
    const marks: string[][] = [];
    for (const isWarm of [false, true]) {
      const controller = await start({
        isWarm,
        settings: { ...settings, context: { id: 'c', persist: true } },
      });
      if (isWarm) {
        assert.equal(await controller.claim(), { status: 202, body: { status: 'restoring' } });
        await platform.called('ready', ({ sessionId }) => sessionId === controller.sessionId);
      }
      const browser = await connect(controller);
      marks.push(await markOf(browser, site.url));
      await browser.close();
      await controller.exited;
    }
    const id = marks[0]?.[0];
    assert.equal(marks, [
      [id, '1'],
      [id, '2'],
    ]);
    assert.is(platform.find('extension-urls').length, 1, 'a claim brings the URL along');
  },
);

session(
  'is loaded into the Chrome that waited for it, by a URL that is asked for again',
  async ({ platform, start, site }) => {
    platform.state.extension = zipOf();
    platform.state.failNextStoreCalls = 1;
    const controller = await start({ isWarm: true, settings });
    await controller.warm();
    const before = pidsMentioning(controller.folder);
    assert.equal(await controller.claim(), { status: 202, body: { status: 'restoring' } });
    await platform.called('ready', ({ sessionId }) => sessionId === controller.sessionId);
    assert.is(platform.find('extension-urls').length, 1);
    const browser = await connect(controller);
    assert.is((await markOf(browser, site.url))[1], '1');
    assert.ok(
      before.some((pid) => pidsMentioning(controller.folder).includes(pid)),
      'the same Chrome',
    );
    await browser.close();
    await controller.exited;
  },
);

if (TEST_CHROME_UID !== undefined)
  session(
    'belongs to the controller: Chrome reads it, and changes none of it',
    async ({ platform, start }) => {
      platform.state.extension = zipOf(MANIFEST, { name: 'js/more.js', content: 'x' });
      const controller = await start({ settings });
      const browser = await connect(controller);
      const folder = path.join(controller.folder, 'extension');
      const modes = ['.', 'js', 'manifest.json', 'js/more.js'].map((name) => {
        const { uid, gid, mode } = statSync(path.join(folder, name));
        return [name, uid, gid, (mode & 0o7777).toString(8)];
      });
      assert.equal(modes, [
        ['.', 0, TEST_CHROME_UID, '1770'],
        ['js', 0, TEST_CHROME_UID, '750'],
        ['manifest.json', 0, TEST_CHROME_UID, '640'],
        ['js/more.js', 0, TEST_CHROME_UID, '640'],
      ]);
      assert.match(
        readFileSync(path.join(folder, 'manifest.json'), 'utf8'),
        /^\{"key":"[\w+/]{43}=","manifest_version":3/,
      );
      await browser.close();
      await controller.exited;
    },
  );

const link = { name: 'l', content: '/etc/passwd', claims: { mode: 0o120_777 } };
for (const [what, zip, detail] of [
  ['was deleted', null, 'It has been deleted'],
  ['is a bad zip', zipOf(MANIFEST, link), 'Of its zip: "l" was refused: it is a link or a device'],
  ['Chrome does not take', zipOf({ ...MANIFEST, content_scripts: 7 }), /^Chrome says: .*content_scripts/],
] as const) {
  session(`that ${what} is why its session does not start`, async ({ platform, start }) => {
    platform.state.extension = zip;
    const controller = await start({ settings });
    assert.is((await controller.exited).code, 0);
    assert.is(platform.find('ready').length, 0);
    const [end] = ended(platform);
    assert.is(end?.reason, 'extension_not_loaded');
    assert.match(String(end?.detail), detail);
    assert.not.match(String(end?.detail), controller.folder);
  });
}

session('that cannot be loaded ends the session of a claimed container too', async ({ platform, start }) => {
  const controller = await start({ isWarm: true, settings });
  assert.is((await controller.claim()).status, 202);
  assert.is((await controller.exited).code, 0);
  assert.equal(ended(platform), [{ reason: 'extension_not_loaded', detail: 'It has been deleted' }]);
});

suiteOfSessions.run();
