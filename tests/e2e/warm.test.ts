/** A machine as it starts by itself: one browser waits, and the next create has it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { descendantsOf, listProcesses } from './support/processes.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const FILL_LIMIT_MS = 60_000;

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

const available = async () => {
  const metrics = await (await fetch(`${wallcrawler.url}/metrics`)).text();
  return Number(/^wallcrawler_warm_available (\d+)$/m.exec(metrics)?.[1]);
};
const filled = () => until('a browser waits', async () => (await available()) === 1, FILL_LIMIT_MS);

/** How the create of a session started it. */
const startOf = (sessionId: string): unknown =>
  readFileSync(join(wallcrawler.dataDir, 'logs/create-session.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('session starts') && line.includes(sessionId))
    .map((line) => JSON.parse(line).start)[0];

const warm = suite('warm sessions');

warm.before(async () => {
  site = await startSite();
  // The setting is left to what it is where nobody names it.
  wallcrawler = await startWallcrawler({ env: { WALLCRAWLER_WARM: '' } });
  client = wallcrawler.client();
});

warm.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

warm('are usable at once, as they were asked for, and the next browser waits soon', async () => {
  await filled();
  const session = await client.sessions.create({
    browserSettings: { viewport: { width: 1024, height: 640 } },
    userMetadata: { is: 'warm' },
  });
  assert.is(startOf(session.id), 'warm');
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = browser.contexts()[0]?.pages()[0] ?? assert.unreachable('a page is open');
  await page?.goto(site.url);
  assert.is(await page?.title(), 'Home');
  assert.equal(await page?.evaluate('[innerWidth, innerHeight]'), [1024, 640]);
  await browser.close();
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  await until(
    'the session ends',
    async () => (await client.sessions.retrieve(session.id)).status !== 'RUNNING',
  );
  await filled();
});

warm(
  'keep their logins in a context, whether its profile comes to a warm browser or to a cold one',
  async () => {
    const { id } = await client.contexts.create();
    const browserSettings = { context: { id, persist: true } };
    const first = await client.sessions.create({ browserSettings });
    const browser = await chromium.connectOverCDP(first.connectUrl);
    const expires = Date.now() / 1000 + 3_600;
    await browser.contexts()[0]?.addCookies([{ name: 'login', value: 'kept', url: site.url, expires }]);
    await client.sessions.update(first.id, { status: 'REQUEST_RELEASE' });
    await until(
      'the profile is saved',
      async () => (await client.sessions.retrieve(first.id)).status === 'COMPLETED',
    );
    await filled();
    const second = await client.sessions.create({ browserSettings });
    assert.is(startOf(second.id), 'warm');
    const again = await chromium.connectOverCDP(second.connectUrl);
    const cookies = await again.contexts()[0]?.cookies(site.url);
    assert.equal(
      cookies?.map(({ name, value }) => [name, value]),
      [['login', 'kept']],
    );
    await again.close();
    await client.sessions.update(second.id, { status: 'REQUEST_RELEASE' });
  },
);

warm('leave nothing behind when the machine stops, claimed or waiting', async () => {
  await client.sessions.create();
  const below = new Set(descendantsOf(wallcrawler.pid).map(({ pid }) => pid));
  assert.ok(below.size > 0);
  assert.is((await wallcrawler.interrupt()).code, 0);
  // One that nobody has collected yet (Z) runs no more.
  const left = listProcesses().filter(({ pid, state }) => below.has(pid) && state !== 'Z');
  assert.equal(left, []);
});

warm.run();
