/** A session's whole life as a client has it, with Playwright; and the same with a Chrome of one's own. */
import type { Browserbase } from '@browserbasehq/sdk';
import { type Browser, chromium } from 'playwright-core';
import type { Floor, FloorSession } from '../floor/floor.ts';
import type { Take } from '../harness/in-turns.ts';
import { timeMs } from '../harness/time-ms.ts';
import { type DirectChrome, startDirectChrome } from './direct-chrome.ts';

/** Takes the time of each step under its name, and of all of them as `total`. */
export async function ourLifecycle(
  client: Browserbase,
  {
    pageUrl,
    take,
    settings = {},
  }: { pageUrl: string; take: Take; settings?: Browserbase.SessionCreateParams },
): Promise<void> {
  let session: Browserbase.SessionCreateResponse | undefined;
  let browser: Browser | undefined;
  const timed = async (name: string, work: () => Promise<unknown>) => take(name, await timeMs(work));
  const release = async () => {
    if (session !== undefined) await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
    session = undefined;
  };
  try {
    await timed('total', async () => {
      await timed('create', async () => {
        session = await client.sessions.create(settings);
      });
      await timed('connect', async () => {
        browser = await chromium.connectOverCDP(session?.connectUrl ?? '');
      });
      await timed('goto', () => visit(browser, pageUrl));
      await timed('release', release);
    });
  } finally {
    await release();
    await browser?.close();
  }
}

/** Ends with the signal that kills it: a release too answers before the browser is gone. */
export async function rawLifecycle(
  chromePath: string,
  { pageUrl, take }: { pageUrl: string; take: Take },
): Promise<void> {
  let chrome: DirectChrome | undefined;
  let browser: Browser | undefined;
  let stopped: Promise<void> | undefined;
  try {
    const tookMs = await timeMs(async () => {
      chrome = await startDirectChrome(chromePath);
      browser = await chromium.connectOverCDP(chrome.url);
      await visit(browser, pageUrl);
      stopped = chrome.stop();
    });
    take('raw', tookMs);
  } finally {
    await (stopped ?? chrome?.stop());
    await browser?.close();
  }
}

/** The least of it: on Chrome's own port, and with nothing but the exchanges of a create and a release. */
export async function floorLifecycle(
  floor: Floor,
  { start, pageUrl, take }: { start: 'warm' | 'cold'; pageUrl: string; take: Take },
): Promise<void> {
  let session: FloorSession | undefined;
  let browser: Browser | undefined;
  const release = async () => {
    const ending = session;
    session = undefined;
    await ending?.release();
  };
  try {
    const tookMs = await timeMs(async () => {
      session = await floor.create(start);
      browser = await chromium.connectOverCDP(session.url);
      await visit(browser, pageUrl);
      await release();
    });
    take('floor', tookMs);
  } finally {
    await release();
    await browser?.close();
  }
}

async function visit(browser: Browser | undefined, url: string): Promise<void> {
  const context = browser?.contexts()[0];
  const page = context?.pages()[0] ?? (await context?.newPage());
  const response = await page?.goto(url);
  if (response?.status() !== 200) throw new Error(`The page did not come: ${response?.status()}`);
}
