import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import type { ChannelTap } from '../chrome/channel.ts';
import type { Json } from '../chrome/connection.ts';
import { ChromeGoneError } from '../chrome/connection.ts';
import type { OwnEventListener } from '../chrome/own-messages.ts';
import { faultsOfRows } from '../testing/session-log-schema.ts';
import { LOG_LIMITS, type LogLimits } from './limits.ts';
import type { PutSegment } from './segment-store.ts';
import { SessionLog } from './session-log.ts';

const logs = suite('the log of a session');
const never = new AbortController().signal;

interface Options {
  readonly limits?: Partial<LogLimits>;
  readonly put?: PutSegment;
}

function start({ limits, put }: Options = {}) {
  const clock = createManualClock();
  const { logger, lines } = recordLog();
  const stored: string[] = [];
  const lost: [number, string][] = [];
  const log = new SessionLog({
    onLost: (...what) => lost.push(what),
    sessionId: 's-1',
    put: async (...segment) => {
      await put?.(...segment);
      stored.push(gunzipSync(segment[1]).toString());
    },
    clock,
    logger,
    limits: { ...LOG_LIMITS, ...limits },
  });
  const taps: ChannelTap[] = [];
  const client = () => {
    log.tap({ tap: (tap) => taps.push(tap) });
    return taps.at(-1) as ChannelTap;
  };
  const rows = () =>
    stored
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Json & { method: string; timestamp: number; pageId: number });
  return { log, clock, lines, stored, lost, rows, client };
}

/** As much of Chrome as is watched: one page, with a frame of another site. */
function chromeWithPage() {
  const calls: string[] = [];
  const closed: string[] = [];
  const listeners = new Map<string, OwnEventListener>();
  const connection = {
    async call(method: string, _params?: object, cdpSessionId = ''): Promise<Json> {
      calls.push(`${cdpSessionId} ${method}`);
      if (method === 'Target.attachToBrowserTarget') return { sessionId: 'W' };
      if (method === 'Target.setAutoAttach' && cdpSessionId === 'W')
        say('W', 'Target.attachedToTarget', { sessionId: 'S1', targetInfo: { targetId: 'P1' } });
      return {};
    },
    listen: (id: string, listener: OwnEventListener) => void listeners.set(id, listener),
    closeSession: (id: string) => void closed.push(id),
  };
  const say = (id: string, method: string, params: Json = {}) => listeners.get(id)?.(method, params);
  return { connection, calls, closed, say };
}

logs('has what happens in each page, and in the frames within it', async () => {
  const { log, rows } = start();
  const { connection, calls, say } = chromeWithPage();
  await log.watch(connection);
  say('S1', 'Page.frameNavigated', { frame: { id: 'F', url: 'https://example.com/' } });
  say('S1', 'Target.attachedToTarget', { sessionId: 'S2', targetInfo: { targetId: 'FRAME' } });
  say('S2', 'Network.requestWillBeSent', { requestId: '1', frameId: 'F2', loaderId: 'L2' });
  say('S1', 'Network.dataReceived', { requestId: '1' });
  say('W', 'Target.attachedToTarget', { sessionId: 'S3', targetInfo: { targetId: 'P2' } });
  say('S3', 'Log.entryAdded', { entry: { level: 'error' } });
  await log.close(never);
  assert.equal(
    rows().map(({ method, pageId, frameId, loaderId }) => [method, pageId, frameId, loaderId]),
    [
      ['Page.frameNavigated', 1, undefined, undefined],
      ['Network.requestWillBeSent', 1, 'F2', 'L2'],
      ['Log.entryAdded', 2, undefined, undefined],
    ],
  );
  assert.equal(faultsOfRows(rows()), []);
  assert.not.ok(
    calls.some((call) => call.includes('Runtime.')),
    'pages could tell',
  );
});

logs('is in the order of time, also when a clock is set back', async () => {
  const { log, clock, rows, client } = start();
  const tap = client();
  tap.onCommand({ id: 1, method: 'Slow.command', params: {} }, '', []);
  clock.advance(10);
  tap.onCommand({ id: 2, method: 'Quick.command', params: {} }, '', []);
  tap.onMessage(Buffer.from('{"id":2,"result":{}}'));
  clock.advance(-5_000);
  tap.onMessage(Buffer.from('{"id":1,"result":{}}'));
  tap.onCommand({ id: 3, method: 'Unanswered.command', params: {} }, '', []);
  await log.close(never);
  assert.equal(
    rows().map(({ method }) => method),
    ['Quick.command', 'Slow.command', 'Unanswered.command'],
  );
  const times = rows().map(({ timestamp }) => timestamp);
  assert.equal(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.equal(faultsOfRows(rows()), []);
});

logs('is stored while the session runs: nothing waits longer than 30 s', async () => {
  const { log, clock, stored, client } = start();
  client().onCommand({ id: 1, method: 'Any.thing', params: {} }, '', []);
  const tap = client();
  tap.onCommand({ id: 1, method: 'Any.thing', params: {} }, '', []);
  tap.onMessage(Buffer.from('{"id":1,"result":{}}'));
  clock.advance(30_000);
  while (stored.length === 0) await new Promise(setImmediate);
  await log.close(never);
});

logs('ends at its limit, with one row that says so, and watches nothing any more', async () => {
  const { log, rows, client, lines } = start({ limits: { sessionBytes: 2_000 } });
  const { connection, closed } = chromeWithPage();
  await log.watch(connection);
  const tap = client();
  for (let id = 0; id < 100; id += 1) {
    tap.onCommand({ id, method: 'Any.thing', params: {} }, '', []);
    tap.onMessage(Buffer.from(`{"id":${id},"result":{}}`));
  }
  await log.close(never);
  const methods = rows().map(({ method }) => method);
  assert.is(methods.at(-1), 'Wallcrawler.logStopped');
  assert.is(methods.filter((method) => method.startsWith('Wallcrawler')).length, 1);
  assert.ok(methods.length < 20);
  assert.equal(closed, ['W']);
  assert.equal(faultsOfRows(rows()), []);
  assert.is(lines().filter(({ message }) => message === 'the session log is full').length, 1);
});

logs('says where rows of its are missing', async () => {
  let isRefused = true;
  const { log, clock, lost, rows, client } = start({
    put: async () => {
      if (isRefused) throw new Error('refused');
    },
  });
  const tap = client();
  tap.onCommand({ id: 1, method: 'Any.thing', params: {} }, '', []);
  tap.onMessage(Buffer.from('{"id":1,"result":{}}'));
  clock.advance(30_000);
  // The row that tells of it is the first of the next segment.
  while (clock.pending() === 0) await new Promise(setImmediate);
  isRefused = false;
  await log.close(never);
  assert.equal(
    rows().map(({ method, request }) => [method, (request as Json).params]),
    [['Wallcrawler.logRowsLost', { rowCount: 1, reason: 'refused' }]],
  );
  assert.equal(lost, [[1, 'refused']]);
});

logs('does without the events of pages when Chrome gives none', async () => {
  const { log, lines } = start();
  const connection = {
    call: () => Promise.reject(new ChromeGoneError()),
    listen() {},
    closeSession() {},
  };
  await log.watch(connection);
  assert.equal(
    lines().map(({ message }) => message),
    ['the session log has no events of pages'],
  );
  await log.close(never);
});

logs.run();
