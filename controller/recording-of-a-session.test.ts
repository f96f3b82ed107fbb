/**
 * What is filmed of a session with a real Chrome. Its recorder came with 153: with an older one the tests hold that nothing is
 * filmed, that it is said, and that the session is none the worse for it.
 */
import puppeteer, { type Page } from 'puppeteer-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesOfChunk, durationMsOfChunk, parseIndex } from '../core/domain/recording.ts';
import { FragmentReader } from '../core/mp4/fragment-reader.ts';
import type { FakePlatform } from './testing/fake-platform.ts';
import type { RunningController } from './testing/run-controller.ts';
import { ended, sessionTests } from './testing/session-suite.ts';

const suiteOfSessions = suite('the recording of a session with Chrome');
const session = sessionTests(suiteOfSessions);
const RECORDS_FROM = 153;
const PAINT = 'document.body.style.background = "hsl(" + (performance.now() % 360) + " 80% 60%)"';

async function connect(controller: RunningController) {
  const { connectUrl } = await controller.ready();
  const browser = await puppeteer.connect({ browserWSEndpoint: connectUrl, defaultViewport: null });
  const [, major] = /\/(\d+)/.exec(await browser.version()) ?? [];
  return { browser, records: Number(major) >= RECORDS_FROM };
}

/** Something new to see, for so long. */
async function paint(page: Page | undefined, ms: number): Promise<void> {
  for (const untilMs = Date.now() + ms; Date.now() < untilMs; ) {
    await page?.evaluate(PAINT);
    await page?.evaluate('new Promise((resolve) => setTimeout(resolve, 100))');
  }
}

/** All films, each chunk of which is read as a player does: by itself. */
function filmsOf({ state }: FakePlatform) {
  const pages = [...state.recordings.keys()].filter((name) => name.endsWith('/index')).sort();
  return pages.map((name) => {
    const index = parseIndex(state.recordings.get(name)?.toString() ?? '', Date.now() - 300_000);
    for (const chunk of index.chunks) {
      const body = state.recordings.get(name.replace('index', String(chunk.number))) ?? Buffer.alloc(0);
      assert.is(body.length, bytesOfChunk(chunk));
      const reader = new FragmentReader();
      const fragments = reader.push(body);
      assert.equal([reader.init.length, fragments.length], [chunk.initBytes, chunk.segments.length]);
      assert.ok(fragments.every(({ samples }) => samples[0]?.isSync === true));
    }
    return { url: index.url, ms: index.chunks.reduce((sum, chunk) => sum + durationMsOfChunk(chunk), 0) };
  });
}

const typesOf = (platform: FakePlatform) =>
  platform
    .find('events')
    .flatMap(({ body }) => body.events as { type: string; data: object }[])
    .filter(({ type }) => type.startsWith('recording.'));

function assertNothing(platform: FakePlatform): void {
  assert.is(platform.state.recordings.size, 0);
  assert.equal(
    typesOf(platform).map(({ type, data }) => [type, data]),
    [['recording.stopped', { reason: 'this browser has no recorder' }]],
  );
}

session('is of each page that a client speaks to, to its last moment', async ({ platform, site, start }) => {
  const controller = await start({ settings: { recordSession: true } });
  const { browser, records } = await connect(controller);
  const [first] = await browser.pages();
  await first?.goto(site.url);
  await paint(first, 2_500);
  const second = await browser.newPage();
  await second.goto(`${site.url}/second?secret`);
  await paint(second, 3_500);
  await browser.close();
  await controller.exited;
  assert.is(ended(platform)[0]?.reason, 'browser_closed');
  if (!records) return assertNothing(platform);
  const films = filmsOf(platform);
  assert.equal(
    films.map(({ url }) => url),
    [`${site.url}/`, `${site.url}/second`],
  );
  for (const { ms } of films) assert.ok(ms > 1_500 && ms < 8_000, `${ms} ms`);
  assert.equal([...new Set(typesOf(platform).map(({ type }) => type))], ['recording.part']);
});

session('is there after a claim, and playable after Chrome was killed', async ({ platform, site, start }) => {
  const controller = await start({ isWarm: true, settings: { recordSession: true } });
  await controller.claim();
  const { browser, records } = await connect(controller);
  const [page] = await browser.pages();
  await page?.goto(site.url);
  await paint(page, 5_000);
  process.kill(controller.browserPid(), 'SIGKILL');
  await controller.exited;
  assert.is(ended(platform)[0]?.reason, 'browser_crashed');
  if (!records) return assertNothing(platform);
  const [film] = filmsOf(platform);
  assert.ok((film?.ms ?? 0) > 1_000, `${film?.ms} ms`);
});

session('is none of a session that wants none', async ({ platform, site, start }) => {
  const controller = await start({ settings: { recordSession: false } });
  const { browser } = await connect(controller);
  await (await browser.newPage()).goto(site.url);
  await browser.close();
  await controller.exited;
  assert.equal([platform.find('artifact-urls'), platform.state.recordings.size], [[], 0]);
});

suiteOfSessions.run();
