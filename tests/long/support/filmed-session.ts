/** A session whose tabs are spoken to without a pause, so that they are filmed, and its films, played to their ends. */
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import * as assert from 'uvu/assert';
import { type CdpClient, connectCdp } from '../../e2e/support/cdp.ts';
import { listedSeconds, playToEnd } from '../../e2e/support/hls-player.ts';
import { until } from '../../e2e/support/until.ts';
import type { Wallcrawler } from '../../e2e/support/wallcrawler.ts';

const END_LIMIT_MS = 60_000;
/** A tab is spoken to for so long before the next one: longer than one has to be left alone. */
export const TURN_MS = 2_500;
const EVERY_MS = 200;
/** Players round each piece, and start at its first picture. */
const PLAYER_ROUNDS_BY = 0.5;
const BUSY_CHROME = 1.05;

export interface Client {
  readonly cdp: CdpClient;
  /** Speaks to tabs of its own, one after the other, until it is told to stop or its socket is gone. */
  readonly done: Promise<void>;
  stop(): void;
}

export async function driveTabs(connectUrl: string, tabs: number): Promise<Client> {
  const cdp = await connectCdp(connectUrl);
  const pages: string[] = [];
  for (let tab = 0; tab < tabs; tab += 1) pages.push((await cdp.openPage()).sessionId);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<true>();
  const isOver = Promise.race([stopped, cdp.closed.then(() => true)]);
  async function drive(): Promise<void> {
    for (let step = 0; !(await Promise.race([isOver, wait(EVERY_MS, false)])); step += 1) {
      const page = pages[Math.floor((step * EVERY_MS) / TURN_MS) % pages.length];
      const expression = `document.body.style.background = 'hsl(${(step * 37) % 360} 80% 60%)'`;
      void cdp.send('Runtime.evaluate', { expression }, page);
    }
  }
  return { cdp, done: drive(), stop: () => stop(true) };
}

export async function openFilmed(machine: Wallcrawler, tabs = 2) {
  const { id, connectUrl } = await machine.client().sessions.create({ keepAlive: true });
  return { id, connectUrl, client: await driveTabs(connectUrl, tabs) };
}

export const hasEnded = (machine: Wallcrawler, id: string) =>
  until(
    `session ${id} has ended`,
    async () => !['RUNNING', 'PENDING'].includes((await machine.client().sessions.retrieve(id)).status),
    END_LIMIT_MS,
  );

export async function release(machine: Wallcrawler, id: string): Promise<void> {
  await machine.client().sessions.update(id, { status: 'REQUEST_RELEASE' });
  await hasEnded(machine, id);
}

/** In a session that is not recorded itself. */
async function play(machine: Wallcrawler, playlist: string) {
  const browserSettings = { recordSession: false };
  const { id, connectUrl } = await machine.client().sessions.create({ browserSettings });
  const browser = await chromium.connectOverCDP(connectUrl);
  try {
    const [page] = browser.contexts()[0]?.pages() ?? [];
    if (page === undefined) throw new Error('no page is open');
    return await playToEnd(page, playlist);
  } finally {
    await browser.close();
    await release(machine, id);
  }
}

/** Plays each film of a session; how long they are, in seconds. */
export async function checkFilms(machine: Wallcrawler, sessionId: string): Promise<readonly number[]> {
  const { pages } = await machine.client().sessions.replays.retrieve(sessionId);
  const lengths: number[] = [];
  for (const { pageId } of pages) {
    const answer = await machine.call(`/v1/sessions/${sessionId}/replays/${pageId}`);
    const playlist = await answer.text();
    const begins = [...playlist.matchAll(/PROGRAM-DATE-TIME:(.*)/g)].map(([, at]) => Date.parse(at ?? ''));
    assert.equal(
      begins,
      begins.toSorted((a, b) => a - b),
      'parts are in the order of their clocks',
    );
    const seconds = listedSeconds(playlist);
    const { duration, at } = await play(machine, playlist);
    const slack = PLAYER_ROUNDS_BY + 0.1 * begins.length;
    // Nothing of it is missing. A busy Chrome leaves pictures out, and hls.js goes by the time of the next one.
    const mayLast = seconds * BUSY_CHROME + slack;
    assert.ok(duration > seconds - slack && duration < mayLast, `plays ${duration} s of ${seconds}`);
    assert.ok(duration - at < PLAYER_ROUNDS_BY, `ends at ${at} s of ${duration}`);
    lengths.push(seconds);
  }
  return lengths;
}
