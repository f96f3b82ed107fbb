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

/** Each event of a followed answer, as it comes. */
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    const datas = blocks.flatMap((block) => [...block.matchAll(/^data: (.*)$/gm)]);
    for (const [, data = ''] of datas) yield JSON.parse(data) as Event;
  }
}

/**
 * Follows a session as an EventSource does: asks again from the last event that it has, until it is told that there are no
 * more. Its first connection breaks after `hangUpAfter` events. The status of each answer.
 */
async function follow(id: string, hangUpAfter: number, onEvent: (event: Event) => void): Promise<number[]> {
  const statuses: number[] = [];
  let last = 0;
  for (;;) {
    const answer = await fetch(`${wallcrawler.url}/v1/sessions/${id}/events`, {
      headers: {
        'x-bb-api-key': wallcrawler.apiKey,
        accept: 'text/event-stream',
        ...(last === 0 ? {} : { 'last-event-id': String(last) }),
      },
    });
    statuses.push(answer.status);
    if (answer.status !== 200 || answer.body === null) return statuses;
    for await (const event of eventsIn(answer.body)) {
      last = event.seq;
      onEvent(event);
      // To leave the loop ends the connection.
      if (statuses.length === 1 && last === hangUpAfter) break;
    }
  }
}

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
  // What is said of a recording depends on the Chrome.
  const session = await client.sessions.create({ browserSettings: { recordSession: false } });
  const browser = await chromium.connectOverCDP(session.connectUrl);
  const page = browser.contexts()[0]?.pages()[0];
  if (page === undefined) throw new Error('no page is open');
  await page.goto(`${site.url}?token=secret`);
  const crashed = new Promise((resolve) => page.once('crash', resolve));
  const cdp = await page.context().newCDPSession(page);
  // Nobody answers it.
  const crashing = cdp.send('Page.crash').catch(() => undefined);
  await crashed;
  await browser.close();
  await crashing;
  const all = await whenEnded(session.id);
  assert.equal(typesOf(all), [
    'session.created',
    'session.ready',
    'client.connected',
    'page.opened',
    'page.crashed',
    'client.disconnected',
    'session.ended',
  ]);
  assert.equal(
    all.map(({ seq }) => seq),
    [1, 2, 3, 4, 5, 6, 7],
  );
  assert.match(String(all[6]?.data.reason), 'disconnected');
  assert.is(all[3]?.data.url, site.url);
  assert.equal([all[4]?.data.url, all[4]?.data.isOutOfMemory], [site.url, false]);
  assert.not.match(JSON.stringify(all), 'secret');
  assert.equal(await read(session.id, '?after=2&limit=3'), all.slice(2, 5));
  assert.equal(typesOf(await read(session.id, '?category=client&limit=1&after=3')), ['client.disconnected']);
});

events(
  'are followed as they happen, over a connection that breaks, without loss and without a double',
  async () => {
    const session = await client.sessions.create();
    const followed: Event[] = [];
    const following = follow(session.id, 2, (event) => followed.push(event));
    const browser = await chromium.connectOverCDP(session.connectUrl);
    const isTold = async () => followed.some(({ type }) => type === 'client.connected');
    // By another connection than the first, and long before an answer is over.
    await until('the client is told of while it is there', isTold, 10_000);
    await browser.contexts()[0]?.pages()[0]?.goto(site.url);
    await browser.close();
    const statuses = await following;
    assert.equal(statuses, [200, 200, 204]);
    assert.equal(followed, await read(session.id));
    assert.is(followed.at(-1)?.type, 'session.ended');
  },
);

events("are nobody else's: 404, as if there were no such session", async () => {
  const path = '/v1/sessions/3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11/events';
  for (const accept of ['application/json', 'text/event-stream']) {
    const answer = await wallcrawler.call(path, { headers: { accept } });
    assert.is(answer.status, 404);
  }
  assert.is((await wallcrawler.call(path, { apiKey: 'wc_of-somebody-else' })).status, 401);
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
