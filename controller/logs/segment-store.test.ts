import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { RequestFailedError } from '../container-api/http-request.ts';
import { LOG_LIMITS, type LogLimits } from './limits.ts';
import { type PutSegment, SegmentStore } from './segment-store.ts';

const stores = suite('the store of a session’s log');

interface Options {
  readonly put?: PutSegment;
  readonly limits?: Partial<LogLimits>;
}

function start({ put, limits }: Options = {}) {
  const clock = createManualClock();
  const { logger, lines } = recordLog();
  const stored: string[] = [];
  const lost: [number, string][] = [];
  const keep: PutSegment = async (sequence, body) => {
    stored.push(`${sequence} ${gunzipSync(body)}`);
  };
  const store = new SegmentStore({
    put: async (...segment) => {
      await put?.(...segment);
      await keep(...segment);
    },
    clock,
    logger,
    onLost: (rowCount, why) => lost.push([rowCount, why]),
    isWorthARetry: (error) => error instanceof RequestFailedError,
    limits: { ...LOG_LIMITS, ...limits },
  });
  return { store, clock, stored, lost, lines };
}
const segment = (text: string) => ({ text, rowCount: 1 });
const never = new AbortController().signal;
/** Until a pause has begun. */
async function untilPaused({ clock }: ReturnType<typeof start>): Promise<void> {
  while (clock.pending() === 0) await new Promise(setImmediate);
}

stores('has each segment, compressed, under the next number', async () => {
  const { store, stored, lost } = start();
  for (const text of ['a', 'b', 'c']) store.add(segment(text));
  await store.flush(never);
  assert.equal(stored, ['0 a', '1 b', '2 c']);
  assert.equal(lost, []);
});

stores('is down for a minute: nothing is lost, and all of it comes in its order', async () => {
  let isDown = true;
  let tries = 0;
  const fixture = start({
    put: async () => {
      tries += 1;
      if (isDown) throw new RequestFailedError('no answer within 10000 ms');
    },
  });
  const { store, clock, stored, lost, lines } = fixture;
  for (const text of ['a', 'b', 'c']) store.add(segment(text));
  for (let waitedMs = 0; waitedMs < 60_000; ) {
    await untilPaused(fixture);
    const stepMs = LOG_LIMITS.retriesAfterMs[Math.min(tries, 5) - 1] ?? 0;
    clock.advance(stepMs);
    waitedMs += stepMs;
    await new Promise(setImmediate);
  }
  assert.ok(tries < 10, `${tries} tries are asked for in a minute`);
  isDown = false;
  await untilPaused(fixture);
  clock.advance(15_000);
  await store.flush(never);
  assert.equal(stored, ['0 a', '1 b', '2 c']);
  assert.equal(lost, []);
  assert.is(lines().filter(({ level }) => level === 'warn').length, 1, 'said once');
});

stores('loses what finds no room while it waits, and says so', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { store, stored, lost, lines } = start({ put: () => held, limits: { waitingBytes: 50 } });
  for (const text of ['a', 'b', 'c', 'd']) store.add(segment(text));
  while (lost.length < 2) await new Promise(setImmediate);
  release();
  await store.flush(never);
  assert.equal(stored, ['0 a', '1 b']);
  assert.equal(lost, Array(2).fill([1, 'too much waits for the store already']));
  assert.equal(
    lines().map(({ message, rowCount }) => [message, rowCount]),
    Array(2).fill(['rows of the session log are lost', 1]),
  );
});

stores('loses what is refused, and goes on with the next', async () => {
  const { store, stored, lost } = start({
    put: async (sequence) => {
      if (sequence === 0) throw new Error('the store answered 400 to a segment of the log');
    },
  });
  for (const text of ['a', 'b']) store.add(segment(text));
  await store.flush(never);
  assert.equal([stored, lost], [['1 b'], [[1, 'the store answered 400 to a segment of the log']]]);
});

stores('is tried at once at the end, not when its pause is over', async () => {
  let isDown = true;
  const fixture = start({
    put: async () => {
      if (isDown) throw new RequestFailedError('down');
    },
  });
  fixture.store.add(segment('a'));
  await untilPaused(fixture);
  isDown = false;
  await fixture.store.flush(never);
  assert.equal(fixture.stored, ['0 a']);
});

stores('ends when there is no more time, whatever it waits for', async () => {
  const end = new AbortController();
  const { store, stored, lost } = start({
    put: (_sequence, _body, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  });
  for (const text of ['a', 'b']) store.add(segment(text));
  const flushed = store.flush(end.signal);
  setImmediate(() => end.abort());
  await flushed;
  assert.equal([stored, lost], [[], Array(2).fill([1, 'there was no more time'])]);
});

stores.run();
