// What happened in a session, as whoever made it reads it.
import type { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from './support/pages.ts';
import { descendantsOf } from './support/processes.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

interface Event {
  readonly seq: number;
  readonly category: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

let wallcrawler: Wallcrawler;
let client: Browserbase;
let site: Site;

const read = async (id: string, query = ''): Promise<readonly Event[]> => {
  const answer = await wallcrawler.call(`/v1/sessions/${id}/events${query}`);
  assert.is(answer.status, 200);
  return (await answer.json()) as readonly Event[];
};
const whenEnded = (id: string) =>
  until('the last event', async () => {
    const events = await read(id);
    return events.at(-1)?.type === 'session.ended' && events;
  });
const typesOf = (events: readonly Event[]) => events.map(({ type }) => type);

/** The main process of the one Chrome that serves `sessionId`. */
function chromeOf(sessionId: string): number {
  const chrome = descendantsOf(wallcrawler.pid).find(
    ({ command }) =>
      command.includes(sessionId) && command.includes('--user-data-dir') && !command.includes('--type='),
  );
  if (chrome === undefined) throw new Error(`no Chrome of session ${sessionId}`);
  return chrome.pid;
}

const events = suite('events of a session');

events.before(async () => {
  site = await startSite();
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});
events.after(async () => {
  await wallcrawler.dispose();
  await site.close();
});

events('are its life, in order and without a gap', async () => {
  const session = await client.sessions.create();
  const browser = await chromium.connectOverCDP(session.connectUrl);
  await browser.contexts()[0]?.pages()[0]?.goto(`${site.url}?token=secret`);
  await browser.close();
  const all = await whenEnded(session.id);
  assert.equal(typesOf(all), [
    'session.created',
    'session.ready',
    'client.connected',
    'page.opened',
    'client.disconnected',
    'session.ended',
  ]);
  assert.equal(
    all.map(({ seq }) => seq),
    [1, 2, 3, 4, 5, 6],
  );
  assert.match(String(all[5]?.data.reason), 'disconnected');
  assert.is(all[3]?.data.url, site.url);
  assert.not.match(JSON.stringify(all), 'secret');
  assert.equal(await read(session.id, '?after=2&limit=3'), all.slice(2, 5));
  assert.equal(typesOf(await read(session.id, '?category=client&limit=1&after=3')), ['client.disconnected']);
});

events('say that Chrome crashed, and what it said last', async () => {
  const session = await client.sessions.create();
  process.kill(chromeOf(session.id), 'SIGKILL');
  const all = await whenEnded(session.id);
  assert.equal(typesOf(all), ['session.created', 'session.ready', 'browser.crashed', 'session.ended']);
  assert.match(String(all[2]?.data.detail), 'Chrome was killed by SIGKILL');
  assert.is(all[3]?.data.reason, 'browser_crashed');
});

events.run();
