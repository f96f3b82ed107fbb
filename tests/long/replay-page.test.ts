/** The page of a replay, in a real browser: while its session runs, to the end of its film, and by links that open nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browserbase } from '@browserbasehq/sdk';
import { type Browser, chromium, type Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReplayView } from '../../core/domain/replay.ts';
import { type Site, startSite } from '../e2e/support/pages.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const RECORDS_FROM = 153;
/** A chunk lasts 20 s, and the page asks every 15 s. */
const GROWS_WITHIN_MS = 90_000;
const PLAYS_WITHIN_MS = 40_000;
/** A page, on a machine with much else to do. */
const SHOWN_WITHIN_MS = 40_000;
const SIGNED_ANEW_MS = 1_100;

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;
/** Who watches, in a browser of the platform's own that is not filmed. */
let watcher: { readonly id: string; readonly browser: Browser };
let records = true;

const replays = suite('the page of a replay');

async function connect(recordSession: boolean) {
  const { id, connectUrl } = await client.sessions.create({ browserSettings: { recordSession } });
  const browser = await chromium.connectOverCDP(connectUrl);
  return { id, browser };
}

const pagesOf = (browser: Browser): readonly Page[] => browser.contexts()[0]?.pages() ?? [];

replays.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
  watcher = await connect(false);
  records = Number.parseInt(watcher.browser.version(), 10) >= RECORDS_FROM;
});

replays.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

async function release(id: string): Promise<void> {
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await until('it ends', async () => (await client.sessions.retrieve(id)).status === 'COMPLETED');
}

async function linkOf(id: string): Promise<string> {
  const answer = await wallcrawler.call(`/v1/sessions/${id}/replay-url`, { method: 'POST', body: '{}' });
  return ((await answer.json()) as { readonly replayUrl: string }).replayUrl;
}

const describe = async (link: string) => (await (await fetch(`${link}/replay.json`)).json()) as ReplayView;

/** The page in a tab of its own, and what its console says. */
async function watch(link: string): Promise<{ readonly page: Page; readonly faults: string[] }> {
  const page = (await watcher.browser.contexts()[0]?.newPage()) as Page;
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(link);
  return { page, faults };
}

const stateOf = (page: Page) => page.evaluate<string>('document.body.dataset.state');
const filmOf = (page: Page) =>
  page.evaluate<{
    at: number;
    duration: number;
    isEnded: boolean;
    speed: number;
    isPaused: boolean;
  }>(`(() => {
    const video = document.querySelector('video');
    return { at: video.currentTime, duration: video.duration, isEnded: video.ended, speed: video.playbackRate, isPaused: video.paused };
  })()`);
const isIn = (page: Page, state: string, limitMs: number) =>
  until(`the page is ${state}`, async () => (await stateOf(page)) === state, limitMs);

/** Two pages, a download, and something to see all the time. */
async function drive(browser: Browser, seconds: number): Promise<void> {
  const [first = assert.unreachable('a page is open') as never] = pagesOf(browser);
  await first.goto(`${site.url}?secret`);
  for (let step = 0; step < seconds * 2; step += 1) {
    await first.evaluate(`document.body.style.background = 'hsl(${step * 12} 80% 60%)'`);
    await first.waitForTimeout(500);
  }
  const download = first.waitForEvent('download');
  await first.evaluate(`location.href = '/file'`);
  await (await download).path();
  const second = (await browser.contexts()[0]?.newPage()) as Page;
  await second.goto(`${site.url}who`);
  for (let step = 0; step < 8; step += 1) {
    await second.evaluate(`document.body.style.background = 'hsl(${step * 40} 80% 40%)'`);
    await second.waitForTimeout(500);
  }
}

replays('waits for the first of a film, takes on more, and plays all of it to its end', async () => {
  const { id, browser } = await connect(true);
  const link = await linkOf(id);
  const { page, faults } = await watch(link);
  await isIn(page, 'waiting', SHOWN_WITHIN_MS);
  if (!records) return release(id);
  await drive(browser, 24);
  await isIn(page, 'playing', GROWS_WITHIN_MS);
  assert.is(await page.locator('#running').isVisible(), true);
  const { duration: early } = await until('the film is there', async () => {
    const film = await filmOf(page);
    return Number.isFinite(film.duration) && film.at > 0 && film;
  });
  await release(id);
  await until('it says that it has ended', () => page.locator('#running').isHidden(), GROWS_WITHIN_MS);
  const view = await describe(link);
  const seconds = view.scenes.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000;
  assert.ok(early < seconds, `${early} s, then ${seconds}`);
  await page.click('[data-speed="8"]');
  await page.keyboard.press('Home');
  await until('the film ends', async () => (await filmOf(page)).isEnded, PLAYS_WITHIN_MS);
  const { at, duration } = await filmOf(page);
  assert.ok(Math.abs(duration - seconds) < 0.5, `${duration} s of ${seconds}`);
  assert.ok(duration - at < 0.3);
  assert.is(await page.textContent('#status'), 'The end. The session was released');
  assert.equal(faults, []);
  await page.close();
});

/** One that has ended, and is looked at by each of the tests after it. */
let ended = '';
replays(
  'shows the pages as tabs and the events in their places, and each is a way into the film',
  async () => {
    const { id, browser } = await connect(true);
    await drive(browser, 8);
    await release(id);
    if (!records) return;
    ended = id;
    const link = await linkOf(id);
    const view = await describe(link);
    assert.equal(
      view.pages.map(({ url }) => new URL(url).pathname),
      ['/', '/who'],
    );
    assert.not.match(JSON.stringify(view), 'secret');
    const { page, faults } = await watch(link);
    await isIn(page, 'playing', SHOWN_WITHIN_MS);
    assert.is(await page.locator('#tabs button').count(), 3);
    const rows = await page.locator('#list button span').allTextContents();
    for (const words of [
      /^A client connected$/,
      /^Opened 127\.0\.0\.1:\d+\/who$/,
      /^Downloaded .*, 1\.0 KB$/,
    ])
      assert.ok(
        rows.some((row) => words.test(row)),
        `${words} in ${rows.join(' | ')}`,
      );
    assert.ok((await page.locator('#marks [data-kind="download"]').count()) === 1);

    await page.locator('#list button', { hasText: 'Downloaded' }).click();
    const wanted = view.events.find(({ type }) => type === 'download.completed')?.atMs ?? 0;
    const [scene] = view.scenes;
    const isThere = async () =>
      Math.abs((await filmOf(page)).at - (wanted - (scene?.startMs ?? 0)) / 1_000) < 1.5;
    await until('it is where the download was', isThere);

    await page.keyboard.press('Home');
    await page.click('[data-speed="4"]');
    await page.keyboard.press('>');
    assert.is((await filmOf(page)).speed, 8);
    await page.click('#tab-1');
    const second = view.scenes.filter(({ pageId }) => pageId === '1');
    const before = view.scenes.slice(0, view.scenes.indexOf(second[0] as never));
    const begins = before.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000;
    assert.ok((await filmOf(page)).at >= begins - 0.01, 'it goes to where the page is seen');
    if ((await filmOf(page)).isPaused) await page.keyboard.press(' ');
    await until(
      'it stands still behind its page',
      async () => (await filmOf(page)).isPaused,
      PLAYS_WITHIN_MS,
    );
    assert.is(await page.locator('#tab-1[data-seen]').count(), 1);
    assert.equal(faults, []);
    await page.close();
  },
);

replays('goes on where it was when the store refuses a URL whose time is over', async () => {
  if (!records) return;
  const page = (await watcher.browser.contexts()[0]?.newPage()) as Page;
  const asked = { pieces: 0, playlists: 0 };
  await page.route(/\/s3\//, async (route) => {
    asked.pieces += 1;
    if (asked.pieces > 1) return route.continue();
    // A signature is of its second: a new one, and not the same again.
    await wait(SIGNED_ANEW_MS);
    return route.fulfill({ status: 403, body: 'expired' });
  });
  page.on('request', (request) => {
    if (request.url().endsWith('.m3u8')) asked.playlists += 1;
  });
  await page.goto(await linkOf(ended));
  await until('it plays', async () => (await filmOf(page)).at > 0.5, PLAYS_WITHIN_MS);
  assert.is(await stateOf(page), 'playing');
  assert.ok(asked.playlists >= 2, `${asked.playlists} playlists`);
  await page.close();
});

replays('says that it cannot be reached, and tries again', async () => {
  if (!records) return;
  const page = (await watcher.browser.contexts()[0]?.newPage()) as Page;
  let isDown = true;
  await page.route(/replay\.json$/, (route) => (isDown ? route.abort() : route.continue()));
  await page.goto(await linkOf(ended));
  await isIn(page, 'lost', SHOWN_WITHIN_MS);
  isDown = false;
  await page.click('#again');
  await isIn(page, 'playing', SHOWN_WITHIN_MS);
  await page.close();
});

replays('is refused without its token: with words, and nothing of the session', async () => {
  const { id, browser } = await connect(true);
  const link = await linkOf(id);
  const debug = await wallcrawler.call(`/v1/sessions/${id}/debug`);
  const { debuggerFullscreenUrl: live } = (await debug.json()) as { readonly debuggerFullscreenUrl: string };
  const { connectUrl } = await client.sessions.retrieve(id);
  const cut = link.slice(0, -8);
  for (const token of [
    cut.split('/').at(-1),
    /\/live\/([^/]+)/.exec(live)?.[1],
    /signingKey=(.+)/.exec(connectUrl ?? '')?.[1],
  ]) {
    const page = await fetch(`${wallcrawler.url}/replay/${token}`);
    assert.equal([page.status, page.headers.get('content-type')], [401, 'text/html; charset=utf-8']);
    assert.match(await page.text(), 'This link is not valid');
    for (const part of ['replay.json', 'film.m3u8']) {
      const answer = await fetch(`${wallcrawler.url}/replay/${token}/${part}`);
      assert.is(answer.status, 401);
      assert.match(((await answer.json()) as { readonly message: string }).message, 'This link is not valid');
    }
  }
  const replayToken = link.split('/').at(-1) ?? '';
  const asLive = await fetch(live.replace(/\/live\/[^/]+/, `/live/${replayToken}`));
  assert.is(asLive.status, 401);
  const asClient = chromium.connectOverCDP(
    (connectUrl ?? '').replace(/signingKey=.+/, `signingKey=${replayToken}`),
  );
  assert.match(await asClient.then(() => 'connected', String), '401');
  await browser.close();
  await release(id);
});

replays('keeps its token out of all logs', async () => {
  if (!records) return;
  const link = await linkOf(ended);
  assert.is((await fetch(link)).status, 200);
  assert.is((await fetch(`${link}/replay.json`)).status, 200);
  const token = link.split('/').at(-1) ?? '';
  const folder = join(wallcrawler.dataDir, 'logs');
  const holding = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.log') && readFileSync(join(folder, name), 'utf8').includes(token.slice(-60)),
  );
  assert.equal(holding, []);
  assert.not.match(wallcrawler.output(), token.slice(-60));
});

replays.run();
