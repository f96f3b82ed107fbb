import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browserbase } from '@browserbasehq/sdk';
import { chromium, type Page } from 'playwright-core';
import { create } from 'tar';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

const STORE = `new Promise((resolve, reject) => {
  localStorage.setItem('who', 'me');
  const open = indexedDB.open('db', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('store');
  open.onsuccess = () => {
    const transaction = open.result.transaction('store', 'readwrite');
    transaction.objectStore('store').put('value', 'key');
    transaction.oncomplete = () => resolve('stored');
    transaction.onerror = reject;
  };
})`;
const READ = `new Promise((resolve) => {
  const open = indexedDB.open('db', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('store');
  open.onsuccess = () => {
    const get = open.result.transaction('store').objectStore('store').get('key');
    get.onsuccess = () => resolve([localStorage.getItem('who'), get.result ?? null]);
  };
})`;

/** Runs `work` in a session with the context and waits until that session, and so the save, is over. */
async function inSession<T>(
  contextId: string,
  persist: boolean,
  work: (page: Page, pages: number) => Promise<T>,
) {
  const session = await client.sessions.create({ browserSettings: { context: { id: contextId, persist } } });
  assert.is(session.contextId, contextId);
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const pages = browser.contexts()[0]?.pages() ?? [];
  const [page] = pages;
  if (page === undefined) throw new Error('the browser has no page');
  const result = await work(page, pages.length);
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  const done = await until('the session ends', async () => {
    const now = await client.sessions.retrieve(session.id);
    return now.status !== 'RUNNING' && now;
  });
  assert.is(done.status, 'COMPLETED');
  return result;
}

const login = (persist: boolean, contextId: string) =>
  inSession(contextId, persist, async (page) => {
    await page.goto(`${site.url}login`);
    await page.evaluate(STORE);
  });

const look = (contextId: string) =>
  inSession(contextId, false, async (page, pages) => {
    await page.goto(`${site.url}who`);
    const cookies = (await page.textContent('body')) ?? '';
    return { cookies: cookies.split('; ').filter(Boolean).sort(), stored: await page.evaluate(READ), pages };
  });

const contexts = suite('contexts');

contexts.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});

contexts.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

contexts('create, retrieve, update and delete', async () => {
  const made = await client.contexts.create({ name: 'mine' } as Browserbase.ContextCreateParams);
  assert.match(made.uploadUrl, /^http:\/\/127\.0\.0\.1:\d+\/.*X-Amz-Signature=/);
  const found = await client.contexts.retrieve(made.id);
  assert.is(found.projectId, 'local');
  assert.is((found as { name?: string }).name, 'mine');
  assert.is((await client.contexts.update(made.id)).id, made.id);
  await client.contexts.delete(made.id);
  try {
    await client.contexts.retrieve(made.id);
    assert.unreachable();
  } catch (error) {
    assert.is((error as { status?: number }).status, 404);
  }
});

contexts(
  'with persist, cookies (those of the run included), localStorage and IndexedDB survive',
  async () => {
    const { id } = await client.contexts.create();
    const before = await client.contexts.retrieve(id);
    await login(true, id);
    const seen = await look(id);
    assert.equal(seen.cookies, ['lasting=for-a-week', 'session=for-this-run']);
    assert.equal(seen.stored, ['me', 'value']);
    assert.is(seen.pages, 1, 'the tabs of the last run are not opened again');
    assert.ok((await client.contexts.retrieve(id)).updatedAt > before.updatedAt);
  },
);

contexts('without persist nothing survives', async () => {
  const { id } = await client.contexts.create();
  await login(false, id);
  const seen = await look(id);
  assert.equal(seen, { cookies: [], stored: [null, null], pages: 1 });
});

contexts('ten times over there still is one tab, and the login', async () => {
  const { id } = await client.contexts.create();
  await login(true, id);
  for (let round = 0; round < 10; round++) {
    const seen = await inSession(id, true, async (page, pages) => {
      await page.goto(`${site.url}who`);
      return { cookies: ((await page.textContent('body')) ?? '').split('; ').length, pages };
    });
    assert.equal(seen, { cookies: 2, pages: 1 }, `round ${round}`);
  }
});

contexts('two sessions without a context share nothing', async () => {
  const [first, second] = await Promise.all([client.sessions.create(), client.sessions.create()]);
  const open = async (url: string) => {
    const browser = await chromium.connectOverCDP(url);
    const page = browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('no page');
    return { browser, page };
  };
  const one = await open(first.connectUrl);
  const other = await open(second.connectUrl);
  await one.page.goto(`${site.url}login`);
  await one.page.evaluate(STORE);
  await other.page.goto(`${site.url}who`);
  assert.is(await other.page.textContent('body'), '');
  assert.equal(await other.page.evaluate(READ), [null, null]);
  await Promise.all([one.browser.close(), other.browser.close()]);
});

/** A gzipped tar of a folder that `fill` makes. */
async function archiveOf(fill: (folder: string) => void): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-archive-'));
  try {
    fill(folder);
    const chunks: Buffer[] = [];
    for await (const chunk of create({ gzip: true, cwd: folder, portable: true }, ['.']))
      chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const upload = (url: string, body: Buffer) => fetch(url, { method: 'PUT', body: new Uint8Array(body) });

contexts('a profile uploaded by presigned PUT is there in the next session', async () => {
  const { id, uploadUrl } = await client.contexts.create();
  const archive = await archiveOf((folder) => {
    mkdirSync(join(folder, 'Default'));
    writeFileSync(
      join(folder, 'Default', 'Bookmarks'),
      JSON.stringify({
        version: 1,
        roots: {
          bookmark_bar: { type: 'folder', name: 'bar', id: '1', children: [] },
          other: { type: 'folder', name: 'other', id: '2', children: [] },
          synced: { type: 'folder', name: 'mobile', id: '3', children: [] },
        },
      }),
    );
    writeFileSync(
      join(folder, 'Default', 'Preferences'),
      JSON.stringify({ intl: { accept_languages: 'eo,nl', selected_languages: 'eo,nl' } }),
    );
  });
  assert.is((await upload(uploadUrl, archive)).status, 200);
  const languages = await inSession(id, false, async (page) => {
    await page.goto(site.url);
    return page.evaluate('navigator.languages');
  });
  assert.equal(languages, ['eo', 'nl']);
});

contexts('an upload URL opens nothing but its own object, and nothing when altered', async () => {
  const { uploadUrl } = await client.contexts.create();
  const body = Buffer.from('x');
  assert.is((await upload(uploadUrl.replace('profile.tar.gz', 'other'), body)).status, 403);
  assert.is((await upload(uploadUrl.replace(/Signature=\w{4}/, 'Signature=0000'), body)).status, 403);
  assert.is((await upload(uploadUrl.split('?')[0] ?? '', body)).status, 403);
  assert.is((await fetch(uploadUrl)).status, 403);
});

contexts('a bad archive ends the session with a clear ERROR and stays as it was stored', async () => {
  const evil = await archiveOf((folder) => {
    mkdirSync(join(folder, 'Default'));
    symlinkSync('/etc', join(folder, 'Default', 'link'));
  });
  for (const archive of [evil, Buffer.from('this is no archive'), evil.subarray(0, 40)]) {
    const { id, uploadUrl } = await client.contexts.create();
    assert.is((await upload(uploadUrl, archive)).status, 200);
    const response = await wallcrawler.call('/v1/sessions', {
      method: 'POST',
      body: JSON.stringify({
        browserSettings: { context: { id, persist: true } },
        userMetadata: { context: id },
      }),
    });
    assert.is(response.status, 503);
    assert.is(response.headers.get('x-should-retry'), 'false');
    assert.match(((await response.json()) as { message: string }).message, /archive was refused/);
    const [session] = await client.sessions.list({ q: `user_metadata['context']:'${id}'` });
    assert.is(session?.status, 'ERROR');
  }
});

contexts('a context that is deleted while a session uses it is not brought back by its save', async () => {
  const { id } = await client.contexts.create();
  const session = await client.sessions.create({ browserSettings: { context: { id, persist: true } } });
  await client.contexts.delete(id);
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  const done = await until('the session ends', async () => {
    const now = await client.sessions.retrieve(session.id);
    return now.status !== 'RUNNING' && (now as typeof now & { endReason?: string; endDetail?: string });
  });
  assert.equal([done.status, done.endReason], ['ERROR', 'profile_not_saved']);
  assert.match(done.endDetail ?? '', /^The session was released. The profile was not saved: /);
  assert.is((await wallcrawler.call(`/v1/contexts/${id}`)).status, 404);
});

contexts.run();
