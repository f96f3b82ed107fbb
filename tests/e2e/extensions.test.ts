/** Extensions by the real client: uploaded, in a session that starts and in one whose browser waited, and deleted. */
import { BadRequestError, type Browserbase, NotFoundError, toFile } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildZip } from '../../core/extension-zip/testing/build-zip.ts';
import { type Site, startSite } from './support/pages.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';
import { filled, startOf } from './support/warm-pool.ts';

const MANIFEST = {
  manifest_version: 3,
  name: 'Marks pages',
  version: '1.0',
  content_scripts: [{ matches: ['<all_urls>'], js: ['mark.js'] }],
};
const zipOf = (manifest: object, name = 'manifest.json') =>
  toFile(
    buildZip([
      { name, content: JSON.stringify(manifest) },
      { name: 'mark.js', content: 'document.documentElement.dataset.mark = chrome.runtime.id' },
    ]),
    'marks.zip',
  );

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

const extensions = suite('extensions');

extensions.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler({ env: { WALLCRAWLER_WARM: '1' } });
  client = wallcrawler.client();
});

extensions.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

/** What the extension has put on a page of a new session, which is left running. */
async function markIn(params: Browserbase.SessionCreateParams) {
  const session = await client.sessions.create(params);
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = browser.contexts()[0]?.pages()[0] ?? assert.unreachable('a page is open');
  const mark = async () => {
    await page?.goto(site.url);
    return page?.evaluate('document.documentElement.dataset.mark');
  };
  return { ...session, browser, mark };
}

/** Of extensions; false as long as there are none: a container tells its events some seconds later. */
async function eventsOf(sessionId: string) {
  const response = await wallcrawler.call(`/v1/sessions/${sessionId}/events?category=extension`);
  const told = (await response.json()) as readonly { readonly type: string; readonly data: object }[];
  return told.length > 0 && told;
}

extensions('are uploaded, act in sessions cold and warm, and stay in those that run', async () => {
  const made = await client.extensions.create({ file: await zipOf(MANIFEST) });
  const [project] = await client.projects.list();
  assert.equal([made.fileName, made.projectId], ['marks.zip', project?.id]);
  assert.equal(await client.extensions.retrieve(made.id), made);

  const context = await client.contexts.create();
  await filled(wallcrawler);
  const first = await markIn({ extensionId: made.id });
  const second = await markIn({ browserSettings: { extensionId: made.id, context: { id: context.id } } });
  assert.is(startOf(wallcrawler, first.id), 'warm');
  const id = await first.mark();
  assert.match(String(id), /^[a-p]{32}$/);
  assert.is(await second.mark(), id);

  for (const session of [first, second]) {
    const [told] = await until('it is told', () => eventsOf(session.id));
    const data = { extensionId: made.id, name: MANIFEST.name, version: MANIFEST.version };
    assert.equal([told?.type, told?.data], ['extension.loaded', data]);
  }
  await client.extensions.delete(made.id);
  assert.is(await first.mark(), id);
  for (const session of [first, second]) {
    await session.browser.close();
    await until('it ends', async () => (await client.sessions.retrieve(session.id)).status === 'COMPLETED');
  }
  const gone = async (answer: Promise<unknown>) =>
    assert.instance(await answer.catch((error: unknown) => error), NotFoundError);
  await gone(client.extensions.retrieve(made.id));
  await gone(client.extensions.delete(made.id));
  await gone(client.sessions.create({ extensionId: made.id }));
});

extensions('that Chrome does not load end their session, whose create says why', async () => {
  const file = await zipOf({ ...MANIFEST, content_scripts: 7 });
  const { id } = await client.extensions.create({ file });
  const error = await client.sessions.create({ extensionId: id }).catch((thrown) => thrown);
  assert.is(error.status, 503);
  assert.match(error.message, /The extension could not be loaded: Chrome says: .*content_scripts/);
  const [session] = await client.sessions.list({ status: 'ERROR' });
  assert.is((session as unknown as { endReason: string }).endReason, 'extension_not_loaded');
});

extensions('that are none are a 400, which says why', async () => {
  for (const [file, fault] of [
    [await toFile(Buffer.from('no zip'), 'x.zip'), 'it cannot be read as a zip'],
    [await zipOf(MANIFEST, 'my-ext/manifest.json'), 'zip what is in that folder, not the folder'],
    [await zipOf({ ...MANIFEST, manifest_version: 2 }), 'has manifest_version 2'],
  ] as const) {
    const error = await client.extensions.create({ file }).catch((thrown) => thrown);
    assert.instance(error, BadRequestError);
    assert.match(error.message, fault);
  }
});

extensions.run();
