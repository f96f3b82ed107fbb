/**
 * The recording of a session by the real client: listed while it runs and after it, and played by hls.js in a real browser. A
 * Chrome before 153 has no recorder: with one the tests hold what is said then.
 */
import { existsSync } from 'node:fs';
import type { Browserbase } from '@browserbasehq/sdk';
import { chromium, type Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { boxesIn } from '../../core/mp4/boxes.ts';
import { playToEnd } from './support/hls-player.ts';
import { type Site, startSite } from './support/pages.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const RECORDS_FROM = 153;

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

const recordings = suite('recordings of sessions');

recordings.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});

recordings.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

async function connect(recordSession?: boolean) {
  const browserSettings = recordSession === undefined ? {} : { recordSession };
  const { id, connectUrl } = await client.sessions.create({ browserSettings });
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = browser.contexts()[0]?.pages()[0] ?? assert.unreachable('a page is open');
  return { id, page: page as Page, records: Number.parseInt(browser.version(), 10) >= RECORDS_FROM };
}

const messageOf = async (answer: Response) => ((await answer.json()) as { readonly message: string }).message;

async function release(id: string): Promise<void> {
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await until('it ends', async () => (await client.sessions.retrieve(id)).status === 'COMPLETED');
}

/** In a session of its own, which is not recorded itself. */
async function play(playlist: string) {
  const { id, page } = await connect(false);
  try {
    return await playToEnd(page, playlist);
  } finally {
    await release(id);
  }
}

interface Download {
  readonly status: string;
  readonly downloadUrl?: string;
  readonly videoCodec?: string;
}

/** Asked for and made, it is one file with all pictures in one table. */
async function isMadeAnMp4(id: string): Promise<void> {
  const path = `/v1/sessions/${id}/recording/downloads`;
  const asked = await wallcrawler.call(path, { method: 'POST' });
  assert.is(asked.status, 202);
  const [made] = await until('the MP4 is made', async () => {
    const answer = await wallcrawler.call(path);
    const { downloads } = (await answer.json()) as { readonly downloads: readonly Download[] };
    return downloads.every(({ status }) => status === 'COMPLETED') && downloads;
  });
  const movie = Buffer.from(await (await fetch(made?.downloadUrl ?? '')).arrayBuffer());
  const types = boxesIn(movie).map(({ type }) => type);
  assert.equal(
    types.filter((type) => type !== 'free'),
    ['ftyp', 'moov', 'mdat'],
  );
  // Debian's ffmpeg is there where the tests are run as a whole.
  const codec = existsSync('/usr/bin/ffmpeg') ? 'h264' : 'av1';
  if (codec === 'av1') console.log('SKIPPED: a film as H.264, because there is no /usr/bin/ffmpeg');
  assert.is(made?.videoCodec, codec);
  assert.ok(movie.includes(codec === 'h264' ? 'avc1' : 'av01'));
}

recordings('are listed by page, and play to their ends in another browser', async () => {
  const { id, page, records } = await connect();
  await page.goto(`${site.url}?secret`);
  for (let step = 0; step < 30; step += 1) {
    await page.evaluate(`document.body.style.background = 'hsl(${step * 12} 80% 60%)'`);
    await page.waitForTimeout(100);
  }
  await release(id);
  const { pages, pageCount } = await client.sessions.replays.retrieve(id);
  if (!records) {
    assert.equal([pages, pageCount], [[], 0]);
    const answer = await wallcrawler.call(`/v1/sessions/${id}/events?category=recording`);
    const events = (await answer.json()) as { readonly type: string }[];
    assert.is(events[0]?.type, 'recording.stopped');
    return;
  }
  const [only] = pages;
  assert.equal([pageCount, only?.pageId, only?.url], [1, '0', new URL(site.url).href]);
  const seconds = ((only?.endTimeMs ?? 0) - (only?.startTimeMs ?? 0)) / 1_000;
  assert.ok(seconds > 2 && seconds < 15, `${seconds} s`);
  const answer = await wallcrawler.call(`/v1/sessions/${id}/replays/0`);
  assert.is(answer.headers.get('content-type'), 'application/vnd.apple.mpegurl');
  const played = await play(await answer.text());
  await isMadeAnMp4(id);
  assert.is(played.width, 1280);
  assert.ok(Math.abs(played.duration - seconds) < 1, `${played.duration} s of ${seconds}`);
  assert.ok(played.duration - played.at < 0.5);
});

recordings('are none of a session that wants none, and nobody’s else', async () => {
  const { id } = await connect(false);
  await release(id);
  for (const path of ['replays', 'replays/0', 'recording/downloads']) {
    const answer = await wallcrawler.call(`/v1/sessions/${id}/${path}`);
    assert.is(answer.status, 422);
    assert.match(await messageOf(answer), 'recordSession: false');
  }
  assert.equal(await client.sessions.recording.retrieve(id), []);
  const other = '00000000-0000-4000-8000-000000000000';
  for (const path of ['replays', 'replays/0', 'recording'])
    assert.is((await wallcrawler.call(`/v1/sessions/${other}/${path}`)).status, 404);
  const bad = await wallcrawler.call(`/v1/sessions/${id}/replays/..%2f..%2f1`);
  assert.is(bad.status, 400);
  assert.match(await messageOf(bad), 'pageId');
});

recordings.run();
