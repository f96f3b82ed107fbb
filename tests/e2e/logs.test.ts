/** The log of a session by the real client: while it runs, after it, and not for those whom it is none of. */
import { type Browserbase, NotFoundError } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const SECRET = 'correct-horse-7';

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

const logs = suite('logs of sessions');

logs.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});

logs.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

/** Visits a page, types a secret there, and releases the session. Its id. */
async function useSession(browserSettings: Browserbase.SessionCreateParams['browserSettings'] = {}) {
  const { id, connectUrl } = await client.sessions.create({ browserSettings });
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = browser.contexts()[0]?.pages()[0] ?? assert.unreachable('a page is open');
  await page?.goto(`${site.url}?q=${SECRET}`);
  await page?.setContent('<input>');
  await page?.fill('input', SECRET);
  const whileItRuns = await client.sessions.logs.list(id);
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await until('it ends', async () => (await client.sessions.retrieve(id)).status === 'COMPLETED');
  return { id, whileItRuns };
}

logs('have what was done and what happened, in its order and without what was typed', async () => {
  const { id, whileItRuns } = await useSession();
  assert.ok(Array.isArray(whileItRuns), 'it can be asked for at any time');
  const rows = await client.sessions.logs.list(id);
  const of = (method: string) => rows.filter((row) => row.method === method);
  assert.match(JSON.stringify(of('Page.navigate')[0]?.request?.params), `${site.url}?q=[masked]`);
  assert.ok(of('Page.navigate')[0]?.frameId, 'it says in which frame');
  for (const method of ['Network.responseReceived', 'Page.loadEventFired', 'Runtime.callFunctionOn'])
    assert.ok(of(method).length > 0, method);
  assert.ok(rows.every(({ sessionId, pageId }) => sessionId === id && pageId <= 1));
  const times = rows.map(({ timestamp }) => timestamp ?? 0);
  assert.equal(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.not.match(JSON.stringify(rows), SECRET);
});

logs('are empty for a session that wants none', async () => {
  const { id } = await useSession({ logSession: false });
  assert.equal(await client.sessions.logs.list(id), []);
});

logs('are nobody else’s: 404, as for a session that never was', async () => {
  const unknown = '00000000-0000-4000-8000-000000000000';
  const error = await client.sessions.logs.list(unknown).catch((fault: unknown) => fault);
  assert.instance(error, NotFoundError);
});

logs.run();
