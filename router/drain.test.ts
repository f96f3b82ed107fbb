import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../core/testing/manual-clock.ts';
import { drain, type OpenConnection } from './drain.ts';
import type { Splice } from './splice.ts';

/** A connection that notes what is done to it, and is gone once it has been closed, if it is so minded. */
function connection({ leaves = true, isJoined = true } = {}) {
  const seen: string[] = [];
  const gone = Promise.withResolvers<void>();
  const splice: Splice = {
    closed: new Promise(() => undefined),
    close(code, reason) {
      seen.push(`close ${code} ${reason}`);
      if (leaves) gone.resolve();
    },
    cut() {
      seen.push('cut');
      gone.resolve();
    },
  };
  const open: OpenConnection = {
    abort(reason) {
      seen.push(`abort: ${reason.message}`);
      gone.resolve();
    },
    ...(isJoined ? { splice } : {}),
  };
  return { open, seen, gone };
}

type Connection = ReturnType<typeof connection>;

function draining(all: readonly Connection[], limits = { drainMs: 110_000, closeMs: 5_000 }) {
  const clock = createManualClock();
  const left = new Set(all);
  for (const each of all) void each.gone.promise.then(() => left.delete(each));
  const done = drain(
    {
      connections: () => [...left].map(({ open }) => open),
      whenEmpty: async () => void (await Promise.all(all.map(({ gone }) => gone.promise))),
      clock,
    },
    limits,
  );
  const pass = async (ms: number) => {
    await new Promise(setImmediate);
    clock.advance(ms);
    await new Promise(setImmediate);
  };
  return { done, pass };
}

const RESTART = 'close 1012 The router is restarting: connect again';

const t = suite('drain');

t('sends away at once who waits for a browser, with a refusal that says to come again', async () => {
  const waiting = connection({ isJoined: false });
  await draining([waiting]).done;
  assert.equal(waiting.seen, ['abort: This router is about to stop: connect again']);
});

t('lets who is connected be for the drain time, and ends early when all have gone', async () => {
  const client = connection();
  const { done, pass } = draining([client]);
  await pass(109_999);
  assert.equal(client.seen, []);
  client.gone.resolve();
  await done;
  assert.equal(client.seen, [], 'nobody is closed who left by himself');
});

t('closes who is still there with 1012, and cuts who does not go then', async () => {
  const [polite, stubborn] = [connection(), connection({ leaves: false })];
  const { done, pass } = draining([polite, stubborn]);
  await pass(110_000);
  assert.equal(polite.seen, [RESTART]);
  assert.equal(stubborn.seen, [RESTART]);
  await pass(5_000);
  await done;
  assert.equal(polite.seen, [RESTART], 'who went is not cut');
  assert.equal(stubborn.seen, [RESTART, 'cut']);
});

t('is done at once when nobody is there', () => draining([]).done);

t.run();
