import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { ChromeGoneError, type Json } from '../chrome/connection.ts';
import { PAGE_LIMITS } from './limits.ts';
import { watchPages } from './watch-pages.ts';

async function start() {
  const clock = createManualClock();
  const told: [string, object][] = [];
  let hear: (method: string, params: Json) => void = () => assert.unreachable('nobody listens');
  const watch = watchPages({
    clock,
    isOutOfMemory: (signal) => signal === 5,
    emit: (type, data) => void told.push([type, data]),
    connection: {
      call: async (method) => (method === 'Target.attachToBrowserTarget' ? { sessionId: 'w' } : {}),
      listen: (_, onEvent) => {
        hear = onEvent;
      },
    },
  });
  await new Promise(setImmediate);
  const goes = (targetId: string, url: string, type = 'page') =>
    hear('Target.targetInfoChanged', { targetInfo: { targetId, type, url } });
  return { told, goes, clock, watch, hear: (method: string, params: Json) => hear(method, params) };
}

const pages = suite('watchPages');

pages('tells where a page went, without what was sent with it', async () => {
  const { told, goes } = await start();
  goes('a', 'about:blank');
  goes('a', 'https://a.example/b?token=secret');
  assert.equal(told, [['page.opened', { pageId: 'a', url: 'https://a.example/b', navigations: 1 }]]);
});

pages('tells nothing of a title, a query or a place within a page', async () => {
  const { told, goes, clock } = await start();
  for (const query of ['', '?a', '#b', '?c#d']) {
    goes('a', `https://a.example/${query}`);
    clock.advance(PAGE_LIMITS.gatherMs);
  }
  assert.is(told.length, 1);
});

pages('tells nothing of workers and frames', async () => {
  const { told, goes, clock } = await start();
  goes('a', 'https://a.example/', 'service_worker');
  clock.advance(PAGE_LIMITS.gatherMs);
  assert.equal(told, []);
});

pages('makes two events of a page that goes from one to the next without a pause', async () => {
  const { told, goes, clock } = await start();
  for (let count = 1; count <= 50; count++) goes('a', `https://a.example/${count}`);
  clock.advance(PAGE_LIMITS.gatherMs);
  const first = { pageId: 'a', url: 'https://a.example/1', navigations: 1 };
  const last = { pageId: 'a', url: 'https://a.example/50', navigations: 49 };
  assert.equal(told, [
    ['page.opened', first],
    ['page.opened', last],
  ]);
});

pages('makes few of many pages at once, and says how many are left out', async () => {
  const { told, goes, clock } = await start();
  for (let count = 1; count <= 1_000; count++) goes(`p${count}`, `https://a.example/${count}`);
  clock.advance(PAGE_LIMITS.gatherMs);
  const { maxTold } = PAGE_LIMITS;
  assert.is(told.length, 2 * maxTold, 'at once, and a moment later');
  const leftOut = 1_000 - 2 * maxTold;
  const url = `https://a.example/${2 * maxTold}`;
  assert.equal(told.at(-1)?.[1], { pageId: `p${2 * maxTold}`, url, navigations: 1, leftOut });
  clock.advance(60_000);
  assert.is(told.length, 2 * maxTold);
});

pages('tells of a page that crashed, and whether it was for want of memory', async () => {
  const { told, goes, hear } = await start();
  goes('a', 'https://a.example/?q');
  told.length = 0;
  hear('Target.targetCrashed', { targetId: 'a', status: 'crashed', errorCode: 5 });
  hear('Target.targetCrashed', { targetId: 'worker', status: 'crashed', errorCode: 11 });
  assert.equal(told, [
    ['page.crashed', { pageId: 'a', url: 'https://a.example/', isOutOfMemory: true }],
    ['page.crashed', { pageId: 'worker', isOutOfMemory: false }],
  ]);
});

pages('tells at the end what it has gathered', async () => {
  const { told, goes, clock, watch } = await start();
  goes('a', 'https://a.example/');
  goes('a', 'https://a.example/b');
  watch.stop();
  assert.is(told.length, 2);
  assert.is(clock.pending(), 0);
});

pages('tells nothing of a Chrome that is gone', async () => {
  const told: unknown[] = [];
  watchPages({
    clock: createManualClock(),
    isOutOfMemory: () => false,
    emit: (type) => void told.push(type),
    connection: { call: () => Promise.reject(new ChromeGoneError()), listen: () => undefined },
  });
  await new Promise(setImmediate);
  assert.equal(told, []);
});

pages.run();
