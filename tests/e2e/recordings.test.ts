/**
 * The recording of a session by the real client: listed while it runs and after it, and played by hls.js in a real browser. A
 * Chrome before 153 has no recorder: with one the tests hold what is said then.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browserbase } from '@browserbasehq/sdk';
import { chromium, type Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { boxesIn } from '../../core/mp4/boxes.ts';
import { type Site, startSite } from './support/pages.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const RECORDS_FROM = 153;
const HLS = readFileSync(new URL('../../node_modules/hls.js/dist/hls.light.min.js', import.meta.url));
const PLAYER = `<!doctype html><title>player</title><video muted></video><script src="/hls.js"></script>`;
const PLAY = `new Promise((resolve, reject) => {
  const video = document.querySelector('video');
  const hls = new Hls();
  hls.on(Hls.Events.ERROR, (_, { fatal, type, details }) => fatal && reject(new Error(type + ' ' + details)));
  hls.on(Hls.Events.MANIFEST_PARSED, () => { video.playbackRate = 8; video.play().catch(reject); });
  video.onended = () => resolve({ width: video.videoWidth, duration: video.duration, at: video.currentTime });
  hls.loadSource('/playlist.m3u8');
  hls.attachMedia(video);
})`;

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

/** A page of another origin than the files, which plays a playlist to its end. */
async function play(playlist: string) {
  const files: Readonly<Record<string, readonly [string, string | Buffer]>> = {
    '/': ['text/html', PLAYER],
    '/hls.js': ['text/javascript', HLS],
    '/playlist.m3u8': ['application/vnd.apple.mpegurl', playlist],
  };
  const server = createServer(({ url = '' }, response) => {
    const [type, body] = files[url] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { id, page } = await connect(false);
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await page.evaluate<{ width: number; duration: number; at: number }>(PLAY);
  } finally {
    await release(id);
    server.closeAllConnections();
    server.close();
  }
}

/** Asked for and made, it is one file with all pictures in one table. */
async function isMadeAnMp4(id: string): Promise<void> {
  const path = `/v1/sessions/${id}/recording/downloads`;
  const asked = await wallcrawler.call(path, { method: 'POST' });
  assert.is(asked.status, 202);
  const [made] = await until('the MP4 is made', async () => {
    const answer = await wallcrawler.call(path);
    const { downloads } = (await answer.json()) as {
      readonly downloads: readonly { readonly status: string; readonly downloadUrl?: string }[];
    };
    return downloads.every(({ status }) => status === 'COMPLETED') && downloads;
  });
  const movie = Buffer.from(await (await fetch(made?.downloadUrl ?? '')).arrayBuffer());
  assert.equal(
    boxesIn(movie).map(({ type }) => type),
    ['ftyp', 'moov', 'mdat'],
  );
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
