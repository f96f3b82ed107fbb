import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../core/testing/manual-clock.ts';
import { type Connection, createConnections } from './connections.ts';
import { REFUSALS, RefusedError } from './refusals.ts';
import type { Splice } from './splice.ts';

const LIMITS = { maxSockets: 3, maxSocketsPerSession: 2, maxRequestsPerSession: 2 };
const settled = () => new Promise((resolve) => setImmediate(resolve));

function use() {
  const clock = createManualClock();
  const connections = createConnections(LIMITS, clock);
  const told: string[] = [];
  /** A client that writes down what happens to it. */
  const open = (name: string): Connection =>
    connections.open((reason) => told.push(`${name} aborted: ${reason.message}`));
  const join = (name: string): Connection => {
    const connection = open(name);
    const splice: Splice = {
      closed: new Promise(() => undefined),
      close: (code, reason) => void told.push(`${name} closed: ${code} ${reason}`),
      cut: () => void told.push(`${name} cut`),
    };
    connection.join(splice);
    return connection;
  };
  return { clock, connections, told, open, join };
}
const refusalOf = (run: () => void): unknown => {
  try {
    run();
  } catch (error) {
    return error instanceof RefusedError ? error.refusal : error;
  }
  return undefined;
};

const SESSION = { sessionId: 's1', projectId: 'p1' };

const t = suite('createConnections');

t('counts those with a slot, and gives it back when they close', () => {
  const { connections, open } = use();
  const first = open('first');
  const second = open('second');
  assert.is(connections.count(), 0, 'who has no token yet does not count');
  first.takeSlot(SESSION, 'socket');
  second.takeSlot(SESSION, 'socket');
  assert.is(connections.count(), 2);
  assert.is(
    refusalOf(() => open('third').takeSlot(SESSION, 'socket')),
    REFUSALS.tooManyOfSession,
  );
  first.close();
  assert.is(connections.count(), 1);
  open('fourth').takeSlot(SESSION, 'socket');
  assert.is(connections.count(), 2);
});

t('gives nothing back for a connection that got no slot', () => {
  const { connections, open } = use();
  for (const session of ['a', 'b', 'c']) open(session).takeSlot({ ...SESSION, sessionId: session }, 'socket');
  const refused = open('d');
  assert.is(
    refusalOf(() => refused.takeSlot({ ...SESSION, sessionId: 'd' }, 'socket')),
    REFUSALS.tooManySockets,
  );
  refused.close();
  open('without a token').close();
  assert.is(connections.count(), 3);
});

t('sends away who waits, at once, and lets who is connected go on until the time is over', async () => {
  const { clock, connections, told, open, join } = use();
  const waiting = open('waiting');
  join('connected');
  const drained = connections.drain(1000, 100);
  assert.ok(connections.isDraining());
  assert.equal(told, ['waiting aborted: This router is about to stop: connect again']);
  waiting.close();
  clock.advance(999);
  await settled();
  assert.is(told.length, 1);
  clock.advance(1);
  await settled();
  assert.is(told.at(-1), 'connected closed: 1012 The router is restarting: connect again');
  clock.advance(99);
  await settled();
  assert.is(told.at(-1)?.includes('cut'), false);
  clock.advance(1);
  await drained;
  assert.is(told.at(-1), 'connected cut');
});

t('is drained as soon as the last one has gone, and leaves no timer behind', async () => {
  const { clock, connections, told, join } = use();
  const [first, second] = [join('first'), join('second')];
  const drained = connections.drain(60_000, 1_000);
  first.close();
  await settled();
  assert.is(clock.pending(), 1, 'one is still there');
  second.close();
  await drained;
  assert.equal(told, []);
  assert.is(clock.pending(), 0);
});

t('cuts nobody who goes when asked to', async () => {
  const { clock, connections, told, join } = use();
  const connected = join('connected');
  const drained = connections.drain(0, 1_000);
  clock.advance(0);
  await settled();
  assert.match(told[0] ?? '', 'connected closed: 1012');
  connected.close();
  await drained;
  assert.is(told.length, 1);
  assert.is(clock.pending(), 0);
});

t('lets nobody in while it drains, and says when to come again', async () => {
  const { connections, open } = use();
  const early = open('early');
  early.assertOpen();
  early.close();
  await connections.drain(0, 0);
  const refusal = refusalOf(() => open('late').assertOpen());
  assert.is(refusal, REFUSALS.draining);
  assert.equal(REFUSALS.draining.headers, { 'retry-after': '1' });
});

t('is drained at once when nobody is there', async () => {
  const { clock, connections } = use();
  await connections.drain(60_000, 60_000);
  assert.is(clock.pending(), 0);
});

t('waits for one that came and had not gone when the one before it went', async () => {
  const { clock, connections, join } = use();
  const first = join('first');
  const drained = connections.drain(60_000, 1_000);
  first.close();
  const second = join('second');
  let isDrained = false;
  void drained.then(() => {
    isDrained = true;
  });
  await settled();
  assert.is(isDrained, false);
  second.close();
  await drained;
  assert.is(clock.pending(), 0);
});

t.run();
