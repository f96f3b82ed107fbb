/** A machine as it starts by itself: one browser waits, and the next create has it. */
import type { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { descendantsOf, listProcesses } from './support/processes.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';
import { filled, startOf } from './support/warm-pool.ts';

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

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
  await filled(wallcrawler);
  const session = await client.sessions.create({
    browserSettings: { viewport: { width: 1024, height: 640 } },
    userMetadata: { is: 'warm' },
  });
  assert.is(startOf(wallcrawler, session.id), 'warm');
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
  await filled(wallcrawler);
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
    await filled(wallcrawler);
    const second = await client.sessions.create({ browserSettings });
    assert.is(startOf(wallcrawler, second.id), 'warm');
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
